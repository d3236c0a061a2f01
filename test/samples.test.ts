import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerTo, filesOf, golden } from './samples/golden.ts';
import { tell } from './story/tell.ts';

const stories = new URL('./samples/', import.meta.url);
const names = readdirSync(stories)
  .filter((name) => name.endsWith('.story'))
  .map((name) => name.slice(0, -'.story'.length));

describe.each(names)('the sample %s', (name) => {
  test('is what its story tells', async () => {
    const files = tell(readFileSync(new URL(`${name}.story`, stories), 'utf8'));
    expect(await filesOf(name, files)).toEqual(files);
  });

  test('gets its expected answer', async () => {
    const { text, json } = await answerTo(name);
    expect(text).toBe(await golden(name, 'text', text));
    expect(json).toBe(await golden(name, 'json', json));
  });
});
