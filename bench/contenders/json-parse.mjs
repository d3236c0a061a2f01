/** The straightforward script: `JSON.parse` on every line, exact sums, no question about the logs themselves. */
import { createReadStream } from 'node:fs';
import { Answer, filesOf } from './answer.mjs';

const answer = new Answer();
for (const file of filesOf(process.argv[2])) {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const text = rest + chunk;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      answer.take(JSON.parse(text.slice(start, end)));
      start = end + 1;
    }
    rest = text.slice(start);
  }
}
answer.print();
