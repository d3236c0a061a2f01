/** stream-json's tokens: no object is built; the few fields that matter are picked from the stream. */
import { createReadStream } from 'node:fs';
import { jsonParser } from 'stream-json/parser.js';
import { Answer, filesOf } from './answer.mjs';

const wanted = new Set(['type', 'device', 'identity', 'coin', 'tokenId', 'delta', 'opId', 'op', 'attempt']);
const answer = new Answer();
for (const file of filesOf(process.argv[2])) {
  const parse = jsonParser({ jsonStreaming: true, streamValues: false });
  let depth = 0;
  let key = '';
  let event = {};
  const takeAll = (tokens) => {
    for (const { name, value } of tokens) {
      if (name === 'startObject' || name === 'startArray') {
        if (depth++ === 0) event = {};
      } else if (name === 'endObject' || name === 'endArray') {
        if (--depth === 0) answer.take(event);
      } else if (depth !== 1) continue;
      else if (name === 'keyValue') key = value;
      else if (wanted.has(key)) event[key] = name === 'numberValue' ? Number(value) : value;
    }
  };
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    takeAll(parse(chunk).values ?? []);
  }
}
answer.print();
