/**
 * Compiles the kernel from AssemblyScript, and puts the code into a module, as text, so that it is there wherever that module is.
 * `--check` only says whether the code that is there is that of the source.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const folder = join(import.meta.dirname, '../src/events/readers/pino/kernel');
const target = join(folder, 'compiled.ts');

let code;
const { error, stderr } = await asc.main(
  [
    ...['assembly/index.ts', '--baseDir', folder, '-o', 'kernel.wasm', '--initialMemory', '20'],
    ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
  ],
  {
    writeFile: (_, contents) => {
      code = contents;
    },
  },
);
if (error) {
  process.stderr.write(`${stderr.toString()}${error.message}\n`);
  process.exit(1);
}
const text = `/** The kernel as WebAssembly, in base64: \`npm run kernel\` compiles it from \`assembly\`. */
export const compiled =
  '${Buffer.from(code).toString('base64')}';
`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('the code of the kernel is not that of its source: npm run kernel compiles it\n');
  process.exit(1);
}
