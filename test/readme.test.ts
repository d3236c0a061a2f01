import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadMapping, parseMapping } from '../src/events/mapping/parse-mapping.ts';
import { bin, execute } from './built.ts';
import { fencedBlocks } from './fenced-blocks.ts';
import { root } from './source.ts';

const updating = process.env.UPDATE_GOLDEN === '1';
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'src/README.md',
  'examples/README.md',
  'docs/following.md',
  'docs/reading-round-trips.md',
  'docs/reading-top.md',
];

const commands = pages.flatMap((page) =>
  fencedBlocks(read(page))
    .flatMap(({ text }) => text.split(/^(?=\$ )/m))
    .filter((shown) => /^\$ (?:npx )?replay /.test(shown))
    .map((shown) => ({ page, command: shown.slice(2, shown.indexOf('\n')), shown })),
);

test('the README shows what the command prints', () => {
  expect(commands.filter(({ page }) => page === 'README.md').length).toBeGreaterThan(1);
});

test.each(commands)('in $page, $command prints what is shown', ({ page, command, shown }) => {
  const script = `replay() { '${process.execPath}' '${bin}' "$@"; }; npx() { "$@"; }; ${command}`;
  const { stdout, stderr } = execute('bash', ['-c', script]);
  const printed = `$ ${command}\n${stderr}${stdout.trimEnd()}\n`;
  if (updating)
    writeFileSync(
      join(root, page),
      read(page).replace(shown, () => printed),
    );
  else expect(shown.trimEnd()).toBe(printed.trimEnd());
});

describe.each(pages)('%s', (page) => {
  test('links to what is there', () => {
    const links = [...read(page).matchAll(/\]\((?<path>[^)#:]+)(?:#[^)]*)?\)/g)].map(
      ({ groups }) => groups?.path ?? '',
    );
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test('shows mappings that can be read', () => {
    const mappings = fencedBlocks(read(page)).filter(
      ({ language, text }) => language === 'json' && /"rules"/.test(text),
    );
    for (const { text } of mappings) expect(() => parseMapping(text, page)).not.toThrow();
  });
});

test.each(['sphere-soak', 'gateway-access'])('the example mapping %s can be read', async (name) => {
  await expect(loadMapping(join(root, `examples/${name}.mapping.json`))).resolves.toBeDefined();
});

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}
