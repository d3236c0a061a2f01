import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { outputOf } from '../../src/cli/io.ts';

function failing(code: string): NodeJS.WriteStream {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
  });
  return stream as unknown as NodeJS.WriteStream;
}

test('a reader that has gone away is no fault, however often it is written to', async () => {
  const output = outputOf(failing('EPIPE'), 'standard output');
  await expect(output.write('a')).resolves.toBeUndefined();
  await expect(output.write('b')).resolves.toBeUndefined();
});

test('a full disk is one that the user can mend', async () => {
  await expect(outputOf(failing('ENOSPC'), 'standard output').write('a')).rejects.toThrow(
    'standard output: cannot be written: write ENOSPC',
  );
});

test('a text is written when its promise is kept', async () => {
  const stream = new PassThrough();
  await outputOf(stream as unknown as NodeJS.WriteStream, 'standard output').write('text');
  expect(String(stream.read())).toBe('text');
});
