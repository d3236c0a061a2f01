import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkBalances } from '../src/check.ts';
import { loadConfig } from '../src/config.ts';
import { emptyFolder, replay } from './built.ts';
import { root } from './source.ts';
import { tell } from './story/tell.ts';
import { brief, type Files, writeFiles } from './story.ts';

/** A folder with these files, and what a config in it says. */
async function project(files: Files): Promise<string> {
  const folder = emptyFolder();
  await writeFiles(files, folder);
  return folder;
}

/** What the loading of a config says: the message without the folder, then the hint. */
async function complaint(content: string, name = 'replay.config.mjs'): Promise<string[]> {
  const folder = await project({ [name]: content });
  const error = await loadConfig(undefined, folder).then(
    () => expect.fail('the config was taken'),
    (reason) => reason,
  );
  expect(error.name).toBe('ReplayError');
  return [error.message.replaceAll(`${folder}/`, ''), ...(error.hint === undefined ? [] : [error.hint])];
}

const announced = `{
  name: 'mints-announced',
  promise: 'Every mint is announced.',
  needs: ['write'],
  uses: [mints],
  judge(file) {
    const lines = file.states.read(mints);
    return [{ subject: null, detail: lines.length + ' mints', findings: lines.map((at) => ({
      code: 'mint-unannounced', verdict: 'violated', message: at.event.effect + ' is not announced',
      identity: at.event.identity, device: at.event.device, effect: at.event.effect, at })) }];
  },
}`;
const mints = `const mints = {
  name: 'mints', uses: [], initial: () => [],
  on: { write(state, event, context) { if (event.kind === 'mint') state.push(context.mark(event)); } },
};`;
const withInvariant = `${mints}\nexport default { invariants: [${announced}] };`;

const story = `
  peer1  write e1 kind=mint outputs=T1:UCT:100 booked
  peer2  applied e1 booked
  peer1  end quiescent
  peer2  end quiescent
`;

describe('a config adds', () => {
  test('an invariant and its projection, asked after those of the tool', async () => {
    const folder = await project({ 'replay.config.mjs': withInvariant, ...below('run-1', tell(story)) });
    const [report] = await checkBalances({ paths: [join(folder, 'run-1')], ...(await loadConfig(undefined, folder)) });
    expect(report?.verdict).toBe('violated');
    expect(report?.findings.map(brief)).toEqual(['mint-unannounced peer1 e1']);
    expect(report?.findings[0]).toMatchObject({ check: 'mints-announced', stage: null, at: { line: 1 } });
    expect(report?.checks.at(-1)).toMatchObject({ name: 'mints-announced', verdict: 'violated', detail: '1 mints' });
  });

  test('an invariant that is not checked without the lines that it needs', async () => {
    const bare = tell('peer1 balance T1 UCT 100\npeer2 balance T1 UCT 100');
    const folder = await project({ 'replay.config.mjs': withInvariant, ...below('run-1', bare) });
    const [report] = await checkBalances({ paths: [join(folder, 'run-1')], ...(await loadConfig(undefined, folder)) });
    expect(report?.checks.at(-1)).toMatchObject({
      name: 'mints-announced',
      verdict: 'not-checked',
      reason: 'no write line in this run',
    });
  });

  test('a reader, asked before those of the tool', async () => {
    const reader = `{
      name: 'plain-table',
      recognises: ({ text }) => text.startsWith('token '),
      async *read(source) {
        const file = { path: source.path, unit: 'line' };
        for await (const _ of source.chunks());
        yield { file, events: [], problems: [{ file, line: 1, reason: 'seen', kind: 'unreadable' }], skipped: 0, bytes: 1 };
      },
    }`;
    const folder = await project({
      'replay.config.mjs': `export default { readers: [${reader}] };`,
      'run-1/table.txt': 'token amount\n',
    });
    const [report] = await checkBalances({ paths: [join(folder, 'run-1')], ...(await loadConfig(undefined, folder)) });
    expect(report?.input.problems).toEqual([{ file: 'table.txt', line: 1, reason: 'seen' }]);
  });

  const rules = [
    {
      when: '^(?<id>T\\d) (?<delta>\\d+)$',
      emit: { type: 'balance', tokenId: { from: 'id' }, coin: 'UCT', delta: { from: 'delta' } },
    },
  ];

  test.each([
    ['by its path from the config’s folder', '"maps/wallet.json"'],
    ['in place', JSON.stringify({ rules })],
    [
      'as a function',
      '({ line }) => line.startsWith("T") ? { type: "balance", tokenId: line.slice(0, 2), coin: "UCT", delta: line.slice(3) } : undefined',
    ],
  ])('a mapping %s', async (_, mapping) => {
    const folder = await project({
      'replay.config.mjs': `export default { mappings: [${mapping}] };`,
      'maps/wallet.json': JSON.stringify({ rules }),
      'run-1/peer1.txt': 'hello\nT1 100\nT2 5\n',
    });
    const [report] = await checkBalances({ paths: [join(folder, 'run-1')], ...(await loadConfig(undefined, folder)) });
    expect(report?.input).toMatchObject({ events: 2, skipped: 1, problems: [] });
    expect(report?.devices[0]?.balances).toEqual([{ coin: 'UCT', amount: '105', tokens: 2 }]);
  });

  test('a mapping function, for which what it throws and what it makes amiss are problems of the line', async () => {
    const folder = await project({
      'replay.config.mjs': `export default { mappings: [({ record, path }) => {
        if (record.bad) throw new Error('a bad line of ' + path);
        return { type: 'balance', tokenId: record.id, coin: 'UCT', delta: record.delta };
      }] };`,
      'run-1/peer1.ndjson': '{"id":"T1","delta":"1"}\n{"bad":true}\n{"id":"T2"}\n',
    });
    const [report] = await checkBalances({ paths: [join(folder, 'run-1')], ...(await loadConfig(undefined, folder)) });
    expect(report?.input.events).toBe(2);
    expect(report?.input.problems.map((problem) => problem.reason.replaceAll(`${folder}/`, ''))).toEqual([
      'rule "replay.config.mjs: mappings[0]": a bad line of peer1.ndjson',
      'rule "replay.config.mjs: mappings[0]": balance: delta: expected a decimal string such as "-1.25", got nothing',
    ]);
  });
});

describe('a config is looked for', () => {
  const files = { 'replay.config.json': '{ "mappings": [] }', 'a/b/replay.config.mjs': withInvariant };

  test('from the folder upwards: the nearest counts', async () => {
    const folder = await project(files);
    mkdirSync(join(folder, 'a/b/c'));
    expect((await loadConfig(undefined, join(folder, 'a/b/c'))).invariants.map(({ name }) => name)).toEqual([
      'mints-announced',
    ]);
    expect((await loadConfig(undefined, join(folder, 'a'))).invariants).toEqual([]);
  });

  test('in a file that is named, and nowhere where none is wanted', async () => {
    const folder = await project(files);
    const named = await loadConfig(join(folder, 'a/b/replay.config.mjs'), folder);
    expect(named.invariants).toHaveLength(1);
    expect(await loadConfig(false, join(folder, 'a/b'))).toMatchObject({ mapping: [], readers: [], invariants: [] });
  });

  test('and there may be none', async () => {
    expect(await loadConfig(undefined, emptyFolder())).toMatchObject({ mapping: [], readers: [], invariants: [] });
  });
});

describe('a config that does not fit is answered with file, key and what was expected:', () => {
  const invariant = (changes: string) => `${mints}\nexport default { invariants: [{ ...${announced}, ${changes} }] };`;
  const reader = (changes: string) =>
    `export default { readers: [{ name: 'mine', recognises: () => false, read() {}, ${changes} }] };`;

  test.each([
    [
      'no object',
      'export default 7;',
      ['replay.config.mjs: expected an object with invariants, readers, mappings, roundTrips, got 7'],
    ],
    [
      'an unknown key',
      'export default { invariant: [] };',
      ['replay.config.mjs: unknown key "invariant"', 'did you mean "invariants"?'],
    ],
    [
      'projections by themselves',
      'export default { projections: [] };',
      ['replay.config.mjs: unknown key "projections"', 'a projection comes with the invariant that uses it'],
    ],
    [
      'no list',
      'export default { invariants: {} };',
      ['replay.config.mjs: invariants: expected a list of invariants, got an object with nothing in it'],
    ],
    [
      'no invariant',
      'export default { invariants: [() => []] };',
      ['replay.config.mjs: invariants[0]: expected an invariant (defineInvariant), got a function'],
    ],
    [
      'name',
      invariant('name: "Mints Announced"'),
      ['replay.config.mjs: invariants[0].name: expected a name in kebab-case, got "Mints Announced"'],
    ],
    [
      'a name of the tool’s own',
      invariant('name: "spent-once"'),
      ['replay.config.mjs: invariants[0].name: "spent-once" is taken', 'give it another name'],
    ],
    [
      'the same name twice',
      `${mints} const it = ${announced}; export default { invariants: [it, it] };`,
      ['replay.config.mjs: invariants[1].name: "mints-announced" is taken', 'give it another name'],
    ],
    [
      'promise',
      invariant('promise: undefined'),
      ['replay.config.mjs: invariants[0].promise: expected a sentence, got nothing'],
    ],
    [
      'needs',
      invariant('needs: "write"'),
      ['replay.config.mjs: invariants[0].needs: expected a list of event types, got "write"'],
    ],
    [
      'an event type',
      invariant('needs: ["wirte"]'),
      [
        'replay.config.mjs: invariants[0].needs[0]: expected an event type, or a list of those of which any will do, got "wirte"',
        'did you mean "write"?',
      ],
    ],
    [
      'uses',
      invariant('uses: undefined'),
      ['replay.config.mjs: invariants[0].uses: expected a list of projections, got nothing'],
    ],
    [
      'a projection',
      invariant('uses: ["mints"]'),
      ['replay.config.mjs: invariants[0].uses[0]: expected a projection (defineProjection), got "mints"'],
    ],
    [
      'initial',
      invariant('uses: [{ ...mints, initial: [] }]'),
      ['replay.config.mjs: invariants[0].uses[0].initial: expected a function, got a list of 0'],
    ],
    [
      'on',
      invariant('uses: [{ ...mints, on: { write: true } }]'),
      ['replay.config.mjs: invariants[0].uses[0].on.write: expected a function, got true'],
    ],
    [
      'a type in on',
      invariant('uses: [{ ...mints, on: { wirte() {} } }]'),
      ['replay.config.mjs: invariants[0].uses[0].on: unknown key "wirte"', 'did you mean "write"?'],
    ],
    [
      'isEssential',
      invariant('isEssential: true'),
      ['replay.config.mjs: invariants[0].isEssential: expected a function, got true'],
    ],
    [
      'judge',
      invariant('judge: undefined'),
      ['replay.config.mjs: invariants[0].judge: expected a function, got nothing'],
    ],
    [
      'no reader',
      'export default { readers: ["csv"] };',
      ['replay.config.mjs: readers[0]: expected a reader (defineReader), got "csv"'],
    ],
    [
      'a reader’s name',
      reader('name: 7'),
      ['replay.config.mjs: readers[0].name: expected a name in kebab-case, got 7'],
    ],
    [
      'recognises',
      reader('recognises: /x/'),
      ['replay.config.mjs: readers[0].recognises: expected a function, got an object with nothing in it'],
    ],
    ['read', reader('read: undefined'), ['replay.config.mjs: readers[0].read: expected a function, got nothing']],
    [
      'no mapping',
      'export default { mappings: [7] };',
      ['replay.config.mjs: mappings[0]: expected a path, a mapping, or a function, got 7'],
    ],
    [
      'a mapping’s own fault',
      'export default { mappings: [{ rules: 7 }] };',
      ['replay.config.mjs: mappings[0]: rules: expected a list, got 7'],
    ],
    [
      'a mapping that is not there',
      'export default { mappings: ["gone.json"] };',
      ['gone.json: no such mapping', 'examples/ of the package holds mappings to begin with'],
    ],
    [
      'nothing exported',
      'export const invariants = [];',
      ['replay.config.mjs: exports no config', 'begin it with: export default { invariants: [ … ] }'],
    ],
    ['an empty file', '', ['replay.config.mjs: the file is empty', 'replay --no-config does without it']],
  ])('%s', async (_, content, expected) => {
    expect(await complaint(content)).toEqual(expected);
  });

  test('JSON with a fault', async () => {
    expect(await complaint('{\n "mappings": [,]\n}', 'replay.config.json')).toEqual([
      'replay.config.json:2: not JSON',
      'a config in JSON is plain JSON: no comments, no trailing commas',
    ]);
  });

  test('a file that is not there, and one of another kind', async () => {
    await expect(loadConfig('gone/replay.config.mjs')).rejects.toThrow('gone/replay.config.mjs: no such config');
    await expect(loadConfig('replay.yaml')).rejects.toMatchObject({
      message: 'replay.yaml: no config by its name',
      hint: 'a config ends in .json, .js, .mjs, .cjs, .ts, .mts',
    });
  });
});

describe('an invariant of a user’s own', () => {
  const asked = async (judge: string) => {
    const content = `${mints}\nexport default { invariants: [{ ...${announced}, ${judge} }] };`;
    const folder = await project({ 'replay.config.mjs': content, ...below('run-1', tell(story)) });
    const additions = await loadConfig(undefined, folder);
    return checkBalances({ paths: [join(folder, 'run-1')], ...additions }).catch((error) =>
      [error.name, error.message.replaceAll(`${folder}/`, ''), error.hint?.replaceAll(folder, '…')].join('\n'),
    );
  };

  test('that throws what is no error is told so, too', async () => {
    expect(await asked('judge() { throw "no such token"; }')).toBe(
      [
        'ReplayError',
        'replay.config.mjs: invariants[0].judge: the invariant mints-announced threw: no such token',
        'mend it there; replay --no-config does without it',
      ].join('\n'),
    );
  });

  test('that throws is the user’s to mend, and the answer says where it threw', async () => {
    const said = await asked('judge() { throw new Error("no such token"); }');
    expect(said).toMatch(
      /^ReplayError\nreplay\.config\.mjs: invariants\[0\]\.judge: the invariant mints-announced threw: no such token\nat .*replay\.config\.mjs:\d+/,
    );
    expect(said).toMatch(/\nmend it there; replay --no-config does without it$/);
  });

  test.each([
    ['nothing', 'judge() {}', 'judge(): expected a list of judgements, got nothing'],
    ['no subject', 'judge: () => [{ findings: [] }]', 'judge()[0].subject: expected an identity, or null, got nothing'],
    [
      'no findings',
      'judge: () => [{ subject: null }]',
      'judge()[0].findings: expected a list of findings, got nothing',
    ],
    [
      'a code amiss',
      'judge: () => [{ subject: null, findings: [{ code: "A B", verdict: "violated", message: "x" }] }]',
      'judge()[0].findings[0].code: expected a name in kebab-case, got "A B"',
    ],
    [
      'a verdict amiss',
      'judge: () => [{ subject: null, findings: [{ code: "a", verdict: "held", message: "x" }] }]',
      'judge()[0].findings[0].verdict: expected violated, not-checked or note, got "held"',
    ],
    [
      'no message',
      'judge: () => [{ subject: null, findings: [{ code: "a", verdict: "note" }] }]',
      'judge()[0].findings[0].message: expected a sentence, got nothing',
    ],
  ])('that answers with %s is told so', async (_, judge, expected) => {
    expect(await asked(judge)).toBe(`ReplayError\nreplay.config.mjs: invariants[0].${expected}\n`);
  });
});

describe('a projection of a user’s own', () => {
  const withProjection = (changes: string) =>
    `const mints = { name: 'mints', uses: [], initial: () => [], ${changes} };\nexport default { invariants: [${announced}] };`;
  const asked = async (content: string) => {
    const folder = await project({ 'replay.config.mjs': content, ...below('run-1', tell(story)) });
    const additions = await loadConfig(undefined, folder);
    return checkBalances({ paths: [join(folder, 'run-1')], ...additions }).catch((error) => [
      error.name,
      error.message.replaceAll(`${folder}/`, ''),
      ...error.hint.replaceAll(folder, '…').split('\n'),
    ]);
  };
  const throwing = '{ throw new Error("no such token"); }';

  test.each([
    ['a handler', `on: { replication() ${throwing} }`, 'on.replication', ' at peer2.ndjson:1'],
    [
      'what is called for each event',
      `on: {}, each(state, event) { if (event.seq === 2) ${throwing} }`,
      'each',
      ' at peer1.ndjson:2',
    ],
    ['its beginning', `on: {}, initial() ${throwing}`, 'initial', ''],
  ])('that throws in %s is told with the line at hand', async (_, changes, key, at) => {
    expect(await asked(withProjection(changes))).toEqual([
      'ReplayError',
      `replay.config.mjs: invariants[0].uses[0].${key}: the projection mints threw${at}: no such token`,
      expect.stringMatching(/^at .*replay\.config\.mjs:1:\d+/),
      'mend it there; replay --no-config does without it',
    ]);
  });

  test('that another one of them uses is told by its own place', async () => {
    const inner = `const inner = { name: 'inner', uses: [], initial: () => [], on: { write() ${throwing} } };\n`;
    const said = await asked(`${inner}${withInvariant.replace('uses: [], ', 'uses: [inner], ')}`);
    expect(said).toContain(
      'replay.config.mjs: invariants[0].uses[0].uses[0].on.write: the projection inner threw at peer1.ndjson:1: no such token',
    );
  });

  test('is one, however many invariants use it, and found by itself', async () => {
    const twice = `${mints}\nexport default { invariants: [${announced}, { ...${announced}, name: 'once-more' }] };`;
    const [report] = (await asked(twice)) as Awaited<ReturnType<typeof checkBalances>>;
    expect(report?.findings.map(brief)).toEqual(['mint-unannounced peer1 e1', 'mint-unannounced peer1 e1']);
  });

  test('may read that of another, but not of one that it does not use', async () => {
    const outer = (uses: string) => `${mints.replace('const mints', 'const inner')}
      const mints = { name: 'outer', uses: [${uses}], initial: () => [], on: {
        'device.end'(state, event, context) { state.push(...context.read(inner).splice(0)); } } };
      export default { invariants: [${announced}] };`;
    const [report] = (await asked(outer('inner'))) as Awaited<ReturnType<typeof checkBalances>>;
    expect(report?.findings.map(brief)).toEqual(['mint-unannounced peer1 e1']);
    expect(await asked(outer(''))).toContain(
      'replay.config.mjs: invariants[0].uses[0].on.device.end: the projection outer threw at peer1.ndjson:3: projection mints is not part of this replay',
    );
  });
});

describe('a reader of a user’s own', () => {
  const file = '{ path: source.path, unit: "line" }';
  const batch = `{ file: ${file}, events: [], problems: [{ file: ${file}, line: 7, reason: "seen", kind: "unreadable" }], skipped: 0, bytes: 1 }`;
  const asked = async (members: string) => {
    const folder = await project({
      'replay.config.mjs': `export default { readers: [{ name: 'mine', recognises: () => true, ${members} }] };`,
      'run-1/table.txt': 'token amount\n',
    });
    const additions = await loadConfig(undefined, folder);
    return checkBalances({ paths: [join(folder, 'run-1')], ...additions }).then(
      () => expect.fail('it was taken'),
      (error) => [error.name, error.message.replaceAll(`${folder}/`, '')],
    );
  };

  test.each([
    [
      'that throws is told with the file',
      'async *read() { throw new Error("no such column"); }',
      'read: the reader mine threw at table.txt: no such column',
    ],
    [
      'that throws later, with the last line that it handed over',
      `async *read(source) { yield ${batch}; throw new Error("no such column"); }`,
      'read: the reader mine threw at table.txt, after line 7: no such column',
    ],
    [
      'that throws at once, too',
      'read() { throw new Error("no such column"); }',
      'read: the reader mine threw at table.txt: no such column',
    ],
    [
      'that cannot say whether it knows a file, too',
      'recognises() { throw new Error("too long"); }, async *read() {}',
      'recognises: the reader mine, asked of table.txt, threw: too long',
    ],
    [
      'that hands over what is no batch is told so',
      'async *read() { yield 7; }',
      'read(): expected a batch: { file, events, problems, skipped, bytes }, got 7',
    ],
    [
      'that hands over half a batch is told so',
      `async *read(source) { yield { file: ${file}, problems: [], skipped: 0, bytes: 0 }; }`,
      'read().events: expected a list of events, got nothing',
    ],
  ])('%s', async (_, members, said) => {
    expect(await asked(members)).toEqual(['ReplayError', `replay.config.mjs: readers[0].${said}`]);
  });

  test('that hands over nothing at all is told so', async () => {
    const [name, message] = await asked('read() {}');
    expect(name).toBe('ReplayError');
    expect(message).toMatch(/^replay\.config\.mjs: readers\[0\]\.read: the reader mine threw at table\.txt: /);
  });
});

describe('on the command line', () => {
  const files = async () => {
    const folder = await project({ 'replay.config.mjs': withInvariant, ...below('run-1', tell(story)) });
    await writeFile(join(folder, 'other.mjs'), 'export default {};');
    return folder;
  };

  test('--check takes the name of an added invariant, and says what it might have been', async () => {
    const cwd = await files();
    const asked = replay(['check-balances', 'run-1', '--check', 'mints-announced', '-q'], { cwd });
    expect(asked).toMatchObject({ code: 1, stderr: '' });
    expect(asked.stdout).toContain('mint-unannounced');
    const mistyped = replay(['check-balances', 'run-1', '--check', 'mints-anounced'], { cwd });
    expect(mistyped).toMatchObject({ code: 2 });
    expect(mistyped.stderr).toContain('did you mean mints-announced?');
  });

  test('--config names another, --no-config none', async () => {
    const cwd = await files();
    for (const flags of [['--config', 'other.mjs'], ['--no-config']]) {
      const { stdout } = replay(['check-balances', 'run-1', ...flags], { cwd });
      expect(stdout).not.toContain('mints-announced');
    }
    expect(replay(['check-balances', 'run-1', '--config', 'gone.mjs'], { cwd })).toMatchObject({
      code: 2,
      stderr: 'replay: gone.mjs: no such config\n',
    });
  });

  test('what looks closer names the config, too', async () => {
    const cwd = await files();
    const { stdout } = replay(['check-balances', 'run-1', '--config', 'replay.config.mjs'], { cwd });
    expect(stdout).toMatch(/next: replay .* --config replay\.config\.mjs/);
    const explained = replay(['explain', 'run-1', 'F1', '--json'], { cwd });
    expect(JSON.parse(explained.stdout)).toMatchObject({ finding: { code: 'mint-unannounced' } });
    expect(replay(['show', 'run-1', '--at', 'F1'], { cwd })).toMatchObject({ code: 0 });
  });

  test('inspect lists added invariants', async () => {
    const { stdout } = replay(['inspect', 'run-1', '--json'], { cwd: await files() });
    expect(JSON.parse(stdout).checks.at(-1)).toEqual({
      name: 'mints-announced',
      promise: 'Every mint is announced.',
      possible: true,
      missing: [],
    });
  });

  test('a config that is no JavaScript, or needs what is not there, is answered with its place', async () => {
    const cwd = await project({
      ...below('run-1', tell(story)),
      'broken.mjs': 'export default {\n  invariants: [,;\n};',
      'throwing.mjs': "export default {};\nthrow new Error('no');",
      'lonely.mjs': "import 'not-installed-anywhere';\nexport default {};",
      'typed.ts': 'const config: object = {};\nexport default config;',
    });
    const said = (config: string) => replay(['check-balances', 'run-1', '--config', config], { cwd });
    expect(said('broken.mjs').stderr).toMatch(
      /^replay: broken\.mjs: cannot be loaded: .*\n {2}node --check broken\.mjs/,
    );
    expect(said('throwing.mjs').stderr).toMatch(
      /^replay: throwing\.mjs: cannot be loaded: no\n {2}at .*throwing\.mjs:2/,
    );
    expect(said('lonely.mjs').stderr).toMatch(/^replay: lonely\.mjs: cannot be loaded: .*not-installed-anywhere/);
    const typed = said('typed.ts');
    if (typed.code === 2) expect(typed.stderr).toMatch(/^replay: typed\.ts: this Node does not read TypeScript\n/);
  });
});

describe('the examples', () => {
  const config = join(root, 'examples/replay.config.mjs');

  test('an invariant: a large payment without the arbiter’s word', async () => {
    const payments = `
      alice1@alice  write a1 kind=mint outputs=A1:UCT:5000 booked
      alice1@alice  write a2 kind=transfer inputs=A1 outputs=B1:UCT:5000:bob
      alice1@alice  arbiter A9 accepted
      alice1@alice  end quiescent
    `;
    const cwd = await project({
      ...below('silent', tell(payments)),
      ...below('asked', tell(payments.replace('arbiter A9', 'arbiter A1'))),
    });
    const run = (folder: string) =>
      replay(['check-balances', folder, '--config', config, '--check', 'large-payments-arbitrated', '-q'], { cwd });
    expect(run('asked')).toMatchObject({ code: 0, stdout: '' });
    expect(run('silent')).toMatchObject({ code: 1 });
    expect(run('silent').stdout).toContain('payment-not-arbitrated');
  });

  test('a reader: a table of balance changes', async () => {
    const table = [
      'when;device;seq;token;coin;change',
      '2026-05-30T21:58:07.330Z;bob-peer1;1;7c1e;UCT;+99.999999999989',
      '2026-05-30T21:58:07.350Z;bob-peer2;1;7c1e;UCT;+99.999999999989',
      '2026-05-30T21:58:08.000Z;bob-peer2;2;7c1e',
      '',
    ];
    const cwd = await project({ 'run-1/table.csv': table.join('\n') });
    const { stdout } = replay(['check-balances', 'run-1', '--config', config, '--json'], { cwd });
    const { devices, input } = JSON.parse(stdout);
    expect(devices).toMatchObject([
      { device: 'bob-peer1', identity: 'bob', balances: [{ coin: 'UCT', amount: '99.999999999989', tokens: 1 }] },
      { device: 'bob-peer2', identity: 'bob', balances: [{ coin: 'UCT', amount: '99.999999999989', tokens: 1 }] },
    ]);
    expect(input.problems).toEqual([{ file: 'table.csv', line: 4, reason: 'expected 6 columns, got 4' }]);
  });
});

function below(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}
