import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../src/cli/commands/index.ts';
import { readers } from '../src/events/readers/index.ts';
import { eventTypes } from '../src/events/types/index.ts';
import { exporters } from '../src/exports/index.ts';
import { invariants } from '../src/invariants/index.ts';
import { reporters } from '../src/report/index.ts';
import { root, type SourceFile, sourceFiles } from './source.ts';

interface Member {
  readonly name: string;
}

/** A family: its folder, its index, and by which keys an export is known to be a member. */
interface Family {
  readonly folder: string;
  /** `undefined`: the family has no index, because each member is named by the one who uses it. */
  readonly index: readonly Member[] | undefined;
  readonly keys: readonly string[];
  /** Whether a file holds one member and is named as it. */
  readonly onePerFile: boolean;
}

const families: readonly Family[] = [
  // One file holds what belongs together: the beginning of an operation and its end.
  { folder: 'events/types', index: eventTypes, keys: ['fields'], onePerFile: false },
  { folder: 'events/readers', index: readers, keys: ['recognises', 'read'], onePerFile: true },
  { folder: 'replay/projections', index: undefined, keys: ['initial', 'on'], onePerFile: true },
  { folder: 'invariants', index: invariants, keys: ['promise', 'judge'], onePerFile: true },
  { folder: 'report', index: reporters, keys: ['description', 'print'], onePerFile: true },
  { folder: 'exports', index: exporters, keys: ['draws', 'write'], onePerFile: true },
  { folder: 'cli/commands', index: commands, keys: ['summary', 'run'], onePerFile: true },
];

test.each(families)('the family in $folder has members', async ({ folder, keys }) => {
  expect((await membersIn(folder, keys)).length).toBeGreaterThan(1);
});

test.each(families.filter(({ index }) => index))('the index of $folder has every member, once', async (family) => {
  const names = (await membersIn(family.folder, family.keys)).map(({ member }) => member.name).sort();
  expect(family.index?.map(({ name }) => name).toSorted()).toEqual(names);
  expect(new Set(names).size).toBe(names.length);
});

test.each(families.filter(({ onePerFile }) => onePerFile))(
  'in $folder, a file, its member and its export have one name',
  async ({ folder, keys }) => {
    const wrong = (await membersIn(folder, keys))
      .filter(({ file, exported, member }) => member.name !== file || exported !== camelCase(file))
      .map(({ file, exported, member }) => `${folder}/${file}.ts exports ${exported}, whose name is ${member.name}`);
    expect(wrong).toEqual([]);
  },
);

test('every invariant has its own stories', () => {
  const wrong = invariants
    .map(({ name }) => `test/invariants/${name}.test.ts`)
    .filter((path) => !existsSync(join(root, path)));
  expect(wrong).toEqual([]);
});

test('nothing switches over a family', async () => {
  const folders = await Promise.all(families.map(({ folder, keys }) => membersIn(folder, keys)));
  const names = new Set(folders.flat().map(({ member }) => member.name));
  const wrong = sourceFiles()
    .filter(({ path }) => !(path in switches))
    .flatMap((file) =>
      casesOf(file)
        .filter((label) => names.has(label))
        .map((label) => `${file.path}: ${label}`),
    );
  expect(wrong).toEqual([]);
});

/** What may: the relation that four event types define, and that no new type joins by being new. */
const switches: Readonly<Record<string, string>> = {
  'replay/causal-clock.ts': 'happens-before is program order, effects and snapshots',
};

/** What the files of a folder export that looks like a member. The index of the family is not asked. */
async function membersIn(
  folder: string,
  keys: readonly string[],
): Promise<readonly { file: string; exported: string; member: Member }[]> {
  const path = join(root, 'src', folder);
  const files = readdirSync(path).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  const modules = await Promise.all(
    files.map(async (file) => ({
      file,
      exports: (await import(join(path, file))) as Readonly<Record<string, unknown>>,
    })),
  );
  return modules.flatMap(({ file, exports }) =>
    Object.entries(exports)
      .filter((entry): entry is [string, Member] => isMember(entry[1], keys))
      .map(([exported, member]) => ({ file: basename(file, '.ts'), exported, member })),
  );
}

function isMember(value: unknown, keys: readonly string[]): value is Member {
  return typeof value === 'object' && value !== null && ['name', ...keys].every((key) => key in value);
}

function casesOf({ code }: SourceFile): readonly string[] {
  return [...code.matchAll(/\bcase '(?<label>[^']+)'/g)].map(({ groups }) => groups?.label ?? '');
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
