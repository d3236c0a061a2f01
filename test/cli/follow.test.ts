import { appendFileSync, copyFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyFolder, replay } from '../built.ts';
import { Following, GrowingLog } from '../following.ts';

/** A folder with an empty run, and two devices that are about to log into it. */
function run() {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'run-1'));
  const file = (name: string) => join(cwd, 'run-1', name);
  return {
    cwd,
    file,
    peer1: new GrowingLog(file('peer1.ndjson'), 'peer1'),
    peer2: new GrowingLog(file('peer2.ndjson'), 'peer2'),
  };
}

let effects = 0;

/** A payment that peer1 writes, and the fields by which others tell of it. */
function mint(peer: GrowingLog, originSeq: number) {
  const [effect, tokenId] = [`e${++effects}`, `T${effects}`];
  peer.write('write', {
    effect,
    originSeq,
    key: 'k',
    kind: 'mint',
    inputs: [],
    outputs: [{ tokenId, coin: 'UCT', amount: '5' }],
  });
  peer.write('balance', { tokenId, coin: 'UCT', delta: '5', effect });
  return {
    about: { effect, origin: peer.device, originSeq, action: 'applied' },
    moved: { tokenId, coin: 'UCT', delta: '5', effect },
  };
}

/** What a device logs that applies a payment. */
function apply(peer: GrowingLog, { about, moved }: ReturnType<typeof mint>): void {
  peer.write('replication', about);
  peer.write('balance', moved);
}

/** A transfer that puts out more than it takes in: wrong whatever else is in the logs. */
function forge(peer: GrowingLog, originSeq: number, coin = 'UCT'): void {
  const [made, forged] = [`e${++effects}`, `e${++effects}`];
  const [token, more] = [
    { tokenId: `T-${made}`, coin, amount: '5' },
    { tokenId: `T-${forged}`, coin, amount: '6' },
  ];
  peer.write('write', { effect: made, originSeq, key: 'k', kind: 'mint', inputs: [], outputs: [token] });
  const spend = { inputs: [token.tokenId], outputs: [more] };
  peer.write('write', { effect: forged, originSeq: originSeq + 1, key: 'k', kind: 'transfer', ...spend });
}

/** A reading that no ledger confirms. */
const wrong = { coin: 'UCT', amount: '77', tokens: 3 };

const plain = (cwd: string, ...args: string[]) => replay(['check-balances', 'run-1', '--no-config', ...args], { cwd });

describe('check-balances --follow', () => {
  test('shows a violation while it runs, and ends with the report of a plain check', async () => {
    const { cwd, peer1, peer2 } = run();
    peer1.write('device.start');
    peer2.write('device.start');
    const following = await Following.begin(cwd, 'run-1');
    apply(peer2, mint(peer1, 1));
    peer2.write('balance.read', wrong);
    await following.says('stdout', 'balance-read');
    expect(following.stdout).not.toContain('F1');
    expect(following.stdout).toContain('77');
    const before = following.stdout;
    const code = await following.interrupt();
    const report = plain(cwd);
    expect({ code, stdout: following.stdout }).toEqual({ code: report.code, stdout: before + report.stdout });
    expect(code).toBe(1);
  });

  test('tells a violation once, however often the run is looked at', async () => {
    const { cwd, peer1 } = run();
    peer1.write('device.start');
    forge(peer1, 1);
    const following = await Following.begin(cwd, 'run-1', '-q');
    forge(peer1, 3, 'EUR');
    await following.says('stdout', 'EUR');
    expect(following.stdout).toBe(
      'run-1 - violated conservation bob UCT peer1 - peer1.ndjson:3\nrun-1 - violated conservation bob EUR peer1 - peer1.ndjson:5\n',
    );
  });
});

describe('a run that is written', () => {
  test('ends with held where it holds', async () => {
    const { cwd, peer1, peer2 } = run();
    for (const peer of [peer1, peer2]) peer.write('device.start');
    const following = await Following.begin(cwd, 'run-1');
    apply(peer2, mint(peer1, 1));
    for (const peer of [peer1, peer2]) peer.write('device.end', { quiescent: true });
    const code = await following.interrupt('SIGTERM');
    expect({ code, stdout: following.stdout }).toEqual({ code: 0, stdout: plain(cwd).stdout });
  });

  test('ends as usual where two interruptions come at once, as npx and timeout pass on one that is there already', async () => {
    const { cwd, peer1 } = run();
    peer1.write('device.start');
    const following = await Following.begin(cwd, 'run-1');
    following.signal('SIGTERM');
    const code = await following.interrupt('SIGINT');
    expect({ code, stdout: following.stdout }).toEqual({ code: 3, stdout: plain(cwd).stdout });
  });

  test('may begin with an empty folder', async () => {
    const { cwd, peer1 } = run();
    const following = await Following.begin(cwd, 'run-1');
    expect(following.stderr).toContain('no log is in run-1 yet');
    peer1.write('device.start');
    forge(peer1, 1);
    await following.says('stdout', 'conservation');
    expect(await following.interrupt()).toBe(1);
  });

  test('is waited for where a line is only begun', async () => {
    const { cwd, peer1 } = run();
    peer1.write('device.start');
    const following = await Following.begin(cwd, 'run-1', '--ndjson');
    const token = { tokenId: 'T', coin: 'UCT', amount: '5' };
    peer1.write('write', { effect: 'e', originSeq: 1, key: 'k', kind: 'mint', inputs: [], outputs: [token] });
    const spend = { inputs: ['T'], outputs: [{ ...token, tokenId: 'U', amount: '6' }] };
    const line = peer1.line('write', { effect: 'f', originSeq: 2, key: 'k', kind: 'transfer', ...spend });
    appendFileSync(peer1.path, line.slice(0, 120));
    // Another device's finding shows that the half line was looked at.
    const other = new GrowingLog(join(cwd, 'run-1', 'peer3.ndjson'), 'peer3');
    other.write('device.start');
    forge(other, 1, 'EUR');
    await following.says('stdout', '"coin":"EUR"');
    expect(following.stdout).not.toContain('"coin":"UCT"');
    appendFileSync(peer1.path, line.slice(120));
    await following.says('stdout', '"coin":"UCT"');
    await following.interrupt();
    const kinds = following.stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each).type);
    expect(kinds).toEqual(['found', 'found', 'finding', 'finding', 'verdict']);
  });

  test('takes in a device that appears later, and what was settled without it', async () => {
    const { cwd, file, peer1, peer2 } = run();
    for (const peer of [peer1, peer2]) peer.write('device.start');
    const first = mint(peer1, 1);
    apply(peer2, first);
    const following = await Following.begin(cwd, 'run-1', '-q');
    mkdirSync(file('late'));
    const peer3 = new GrowingLog(file('late/peer3.ndjson'), 'peer3');
    peer3.write('device.start');
    apply(peer3, first);
    peer3.write('balance', first.moved);
    peer3.write('replication', first.about);
    await following.says('stdout', 'duplicate-apply');
    expect(await following.interrupt()).toBe(1);
  });

  test('is not held up by a line that is lost, nor by a cause that never comes', async () => {
    const { cwd, peer1, peer2 } = run();
    for (const peer of [peer1, peer2]) peer.write('device.start');
    const following = await Following.begin(cwd, 'run-1', '-q');
    peer1.line('log');
    peer1.write('log');
    forge(peer1, 1, 'EUR');
    peer2.write('replication', { effect: 'e0', origin: 'peer1', originSeq: 9, action: 'received' });
    forge(peer2, 1, 'USD');
    await following.says('stdout', 'USD');
    await following.says('stdout', 'EUR');
    expect(await following.interrupt()).toBe(1);
  });
});

describe('a log that is rotated', () => {
  test('goes on where it was renamed and begun anew', async () => {
    const { cwd, file, peer1, peer2 } = run();
    for (const peer of [peer1, peer2]) peer.write('device.start');
    const following = await Following.begin(cwd, 'run-1', '-q');
    const [first, second, third] = [mint(peer1, 1), mint(peer1, 2), mint(peer1, 3)];
    apply(peer2, first);
    renameSync(peer2.path, file('peer2.ndjson.1'));
    appendFileSync(file('peer2.ndjson.1'), peer2.line('replication', second.about));
    apply(peer2, third);
    peer2.write('balance', { ...second.moved });
    peer2.write('balance.read', wrong);
    await following.says('stdout', 'balance-read');
    peer2.write('balance.read', { coin: 'UCT', amount: '15', tokens: 3 });
    const early = following.stdout;
    expect(await following.interrupt()).toBe(1);
    expect(early).toBe('run-1 - violated balance-read bob UCT peer2 0 peer2.ndjson:4\n');
    expect(following.stdout).toBe(early + plain(cwd, '-q').stdout);
  });

  test('goes on where it was copied and cut short', async () => {
    const { cwd, file, peer1, peer2 } = run();
    for (const peer of [peer1, peer2]) peer.write('device.start');
    for (let index = 1; index <= 20; index++) apply(peer2, mint(peer1, index));
    const following = await Following.begin(cwd, 'run-1', '-q');
    // Written, copied and cut before anybody looks: only the copy has these lines.
    for (let index = 21; index <= 40; index++) apply(peer2, mint(peer1, index));
    copyFileSync(peer1.path, file('peer1.ndjson.1'));
    truncateSync(peer1.path, 0);
    apply(peer2, mint(peer1, 41));
    peer1.write('balance.read', { coin: 'UCT', amount: '205', tokens: 41 });
    peer2.write('balance.read', { coin: 'UCT', amount: '205', tokens: 41 });
    peer1.write('balance.read', wrong);
    await following.says('stdout', 'balance-read');
    expect(following.stdout).toBe('run-1 - violated balance-read bob UCT peer1 0 peer1.ndjson:4\n');
    for (const peer of [peer1, peer2]) peer.write('device.end', { quiescent: true });
    expect(await following.interrupt()).toBe(1);
  });

  test('is read once where a copy stands beside it', async () => {
    const { cwd, file, peer1 } = run();
    peer1.write('device.start');
    for (let index = 1; index <= 9; index++) mint(peer1, index);
    const following = await Following.begin(cwd, 'run-1', '-q');
    copyFileSync(peer1.path, file('peer1.bak'));
    mint(peer1, 10);
    peer1.write('balance.read', { coin: 'UCT', amount: '50', tokens: 10 });
    peer1.write('balance.read', wrong);
    await following.says('stdout', 'balance-read');
    expect(following.stdout.split('\n').length).toBe(2);
  });
});

describe('a log whose lines come in disorder', () => {
  test('is sorted, and judged all the same', async () => {
    const { cwd, peer1 } = run();
    peer1.write('device.start');
    const following = await Following.begin(cwd, 'run-1', '-q');
    const again = peer1.line('log');
    appendFileSync(peer1.path, again);
    forge(peer1, 1);
    await following.says('stdout', 'UCT');
    appendFileSync(peer1.path, again);
    forge(peer1, 3, 'EUR');
    await following.says('stdout', 'EUR');
    expect(await following.interrupt()).toBe(1);
    expect(following.stdout.endsWith(plain(cwd, '-q').stdout)).toBe(true);
  });
});

describe('a log that tells nothing until it is whole', () => {
  test('is read again when it changes', async () => {
    const { cwd, file, peer1 } = run();
    const peer3 = new GrowingLog(file('peer3.json'), 'peer3');
    const record = (type: string, fields?: object) => JSON.parse(peer3.line(type, fields));
    const token = { tokenId: 'T', coin: 'EUR', amount: '5' };
    const start = record('device.start');
    const lines = [
      record('write', { effect: 'm', originSeq: 1, key: 'k', kind: 'mint', inputs: [], outputs: [token] }),
      record('write', {
        ...{ effect: 'f', originSeq: 2, key: 'k', kind: 'transfer', inputs: ['T'] },
        outputs: [{ ...token, tokenId: 'U', amount: '6' }],
      }),
    ];
    peer1.write('device.start');
    writeFileSync(peer3.path, JSON.stringify([start]));
    const following = await Following.begin(cwd, 'run-1', '-q');
    writeFileSync(peer3.path, JSON.stringify([start, ...lines]));
    await following.says('stdout', 'conservation bob EUR');
    expect(await following.interrupt()).toBe(1);
  });
});

describe('what cannot be followed', () => {
  test.each([
    ['-', 'standard input cannot be followed'],
    ['run-1 --until 2026-05-30T22:03:16Z', '--follow and --until'],
    ['run-1 run-2', 'expected one run, got 2'],
    ['run-9', 'no such file or folder'],
  ])('%s is refused, and the way out is said', (args, said) => {
    const { cwd } = run();
    const { code, stdout, stderr } = replay(['check-balances', '--follow', ...args.split(' ')], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
    expect(stderr.split('\n').length).toBeGreaterThan(2);
  });

  test('several runs in one folder are refused', () => {
    const { cwd, peer1 } = run();
    peer1.write('device.start');
    mkdirSync(join(cwd, 'run-2'));
    writeFileSync(join(cwd, 'run-2', 'peer1.ndjson'), '{"v":1}\n');
    const { code, stderr } = replay(['check-balances', '--follow', '.'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('expected one run to follow, got 2');
  });
});

test('JSON is printed at the end alone', async () => {
  const { cwd, peer1 } = run();
  peer1.write('device.start');
  forge(peer1, 1);
  const following = await Following.begin(cwd, 'run-1', '--json');
  const code = await following.interrupt();
  expect({ code, stdout: following.stdout }).toEqual({ code: 1, stdout: plain(cwd, '--json').stdout });
});
