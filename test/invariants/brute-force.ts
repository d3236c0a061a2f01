import type { Files } from '../story.ts';

/** The brute-force answer: violated in every completion, in some of them, in none. */
export type Certainty = 'violated' | 'not-checked' | 'held';

/** The answer by `class device effect`, the class being `delivery` or `balances`; `completions` says of how many. */
export interface BruteVerdict {
  readonly answers: ReadonlyMap<string, Certainty>;
  readonly completions: number;
}

interface Write {
  readonly type: 'write';
  readonly effect: string;
  readonly originSeq: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly { readonly tokenId: string; readonly amount: number }[];
  readonly deps: readonly string[];
  /** Whether the line is not in the logs, and what it wrote is supposed. */
  readonly hidden?: boolean;
}
interface Heard {
  readonly type: 'heard';
  readonly effect: string;
  readonly action: string;
  readonly headsOnly: boolean;
}
interface Moved {
  readonly type: 'moved';
  readonly tokenId: string;
  readonly delta: number;
  readonly effect: string;
}
type Line = Write | Heard | Moved | { readonly type: 'other' } | { readonly type: 'end'; readonly quiescent: boolean };

/** A device's log: its lines, `hole` where one is missing, and whether more may follow the last. */
interface Log {
  readonly lines: readonly (Line | 'hole')[];
  readonly cut: boolean;
}

type Logs = ReadonlyMap<string, Log>;
type Completion = ReadonlyMap<string, readonly Line[]>;

/** Lines that a cut-off end is supposed to have lost beside its `device.end`: the arrival of an effect and its booking. */
const linesLostAtEnd = 2;

/**
 * The slow judge, from the contract alone: tries every way to fill the holes of the logs and says what holds in all of
 * them. For one identity without snapshots, clears and restarts. `undefined` where there are more than `limit` ways,
 * or none: an end that is lost without a trace.
 */
export function bruteForce(files: Files, limit: number): BruteVerdict | undefined {
  const { logs, origins } = readLogs(files);
  const aborted = [...logs.values()].every(({ lines }) => !isEnd(lines.at(-1)));
  const slots = [...logs].flatMap(([device, log]) => slotsOf(device, log, logs, origins, aborted));
  if (slots.reduce((product, { fillings }) => product * fillings.length, 1) > limit) return undefined;
  const seen = new Map<string, Set<boolean | undefined>>();
  let completions = 0;
  for (const filling of product(slots.map(({ fillings }) => fillings))) {
    const completion = fill(logs, slots, filling);
    if (!isPossible(completion, origins)) continue;
    completions++;
    for (const [question, violated] of judgeCompletion(completion, origins, aborted)) {
      const answers = seen.get(question) ?? new Set();
      seen.set(question, answers.add(violated));
    }
  }
  const decided = [...seen].filter(([, violated]) => !violated.has(undefined));
  const answers = decided.map(([question, violated]): [string, Certainty] => [
    question,
    violated.size === 2 ? 'not-checked' : violated.has(true) ? 'violated' : 'held',
  ]);
  return completions === 0 ? undefined : { answers: new Map(answers), completions };
}

type Origins = ReadonlyMap<string, { readonly origin: string; readonly originSeq: number }>;

function readLogs(files: Files): { logs: Logs; origins: Origins } {
  const origins = new Map<string, { origin: string; originSeq: number }>();
  const linesByDevice = new Map<string, (Line | 'hole')[]>();
  for (const content of Object.values(files)) {
    for (const text of content.trim().split('\n')) {
      const record = JSON.parse(text);
      const lines = linesByDevice.get(record.device) ?? [];
      linesByDevice.set(record.device, lines);
      while (lines.length + 1 < record.seq) lines.push('hole');
      lines.push(lineOf(record));
      if (record.type === 'write') origins.set(record.effect, { origin: record.device, originSeq: record.originSeq });
      if (record.type === 'replication') origins.set(record.effect, record);
    }
  }
  const someEnded = [...linesByDevice.values()].some((lines) => isEnd(lines.at(-1)));
  const logs = [...linesByDevice].map(([device, lines]): [string, Log] => [
    device,
    { lines, cut: someEnded && !isEnd(lines.at(-1)) },
  ]);
  return { logs: new Map(logs), origins };
}

// biome-ignore lint/suspicious/noExplicitAny: a record as it was parsed
function lineOf(record: any): Line {
  switch (record.type) {
    case 'write': {
      const { effect, originSeq, inputs = [], outputs = [], deps = [] } = record;
      const tokens = outputs.map((token: { tokenId: string; amount: string }) => ({
        tokenId: token.tokenId,
        amount: Number(token.amount),
      }));
      return { type: 'write', effect, originSeq, inputs, outputs: tokens, deps };
    }
    case 'replication':
      return { type: 'heard', effect: record.effect, action: record.action, headsOnly: record.headsOnly === true };
    case 'balance':
      return { type: 'moved', tokenId: record.tokenId, delta: Number(record.delta), effect: record.effect };
    case 'device.end':
      return { type: 'end', quiescent: record.quiescent };
    default:
      return { type: 'other' };
  }
}

function isEnd(line: Line | 'hole' | undefined): boolean {
  return line !== undefined && line !== 'hole' && line.type === 'end';
}

/** A place where a line is missing, and what it may have said. */
interface Slot {
  readonly device: string;
  readonly fillings: readonly Line[];
}

function slotsOf(device: string, { lines, cut }: Log, logs: Logs, origins: Origins, aborted: boolean): Slot[] {
  const holes = lines.filter((line) => line === 'hole').length + (cut && !aborted ? linesLostAtEnd : 0);
  if (holes === 0) return [];
  const fillings = fillingsOf(device, logs, origins);
  const slots: Slot[] = Array.from({ length: holes }, () => ({ device, fillings }));
  if (cut && !aborted) slots.push({ device, fillings: [true, false].map((quiescent) => ({ type: 'end', quiescent })) });
  return slots;
}

/** Whatever a missing line of the device can have said of what the logs name; `other` stands for all the rest. */
function fillingsOf(device: string, logs: Logs, origins: Origins): Line[] {
  const all = [...logs.values()].flatMap(({ lines }) => lines.filter((line) => line !== 'hole'));
  const writes = all.filter((line) => line.type === 'write');
  const moves = all.filter((line) => line.type === 'moved');
  const heard = [...origins]
    .filter(([, { origin }]) => origin !== device)
    .flatMap(([effect]) =>
      ['applied', 'received', 'skipped'].map((action): Line => ({ type: 'heard', effect, action, headsOnly: false })),
    );
  const amounts = new Map([
    ...moves.filter(({ delta }) => delta > 0).map(({ tokenId, delta }) => [tokenId, delta] as const),
    ...writes.flatMap(({ outputs }) => outputs.map(({ tokenId, amount }) => [tokenId, amount] as const)),
  ]);
  const own = (logs.get(device)?.lines ?? []).filter((line) => line !== 'hole');
  const booked = writes.flatMap(({ effect, inputs, outputs }) => {
    const changes = [
      ...outputs.map(({ tokenId, amount }) => ({ tokenId, amount })),
      ...inputs.map((tokenId) => ({ tokenId, amount: -(amounts.get(tokenId) ?? 0) })),
    ];
    return changes.flatMap(({ tokenId, amount }) => {
      const seen = sumOf(own, effect, tokenId);
      // A change may stand in two lines, which add up; what was moved too far is not set right by another.
      const isPart = Math.sign(seen) === Math.sign(amount) && Math.abs(seen) < Math.abs(amount);
      const deltas = new Set(isPart ? [amount, amount - seen] : [amount]);
      return [...deltas].map((delta): Line => ({ type: 'moved', tokenId, delta, effect }));
    });
  });
  const written = new Set(writes.map(({ effect }) => effect));
  const unwritten = [...origins].filter(([effect, { origin }]) => origin === device && !written.has(effect));
  const named = [...origins.values()].filter(({ origin }) => origin === device).map(({ originSeq }) => originSeq);
  const last = Math.max(0, ...named);
  const onlyMoved = new Set(moves.map(({ effect }) => effect).filter((effect) => !origins.has(effect)));
  const nameless = Array.from({ length: last + 1 }, (_, index) => index + 1).filter((seq) => !named.includes(seq));
  const hiddenEffects = [
    ...unwritten.map(([effect, { originSeq }]) => ({ effect, originSeq })),
    ...nameless.flatMap((originSeq) =>
      [`${device}#${originSeq}`, ...onlyMoved].map((effect) => ({ effect, originSeq })),
    ),
  ];
  const hidden = hiddenEffects.flatMap(({ effect, originSeq }): Line[] => {
    const outputs = moves
      .filter((move) => move.effect === effect && move.delta > 0)
      .map(({ tokenId, delta }) => ({ tokenId, amount: delta }))
      .filter(({ tokenId }, at, list) => list.findIndex((other) => other.tokenId === tokenId) === at);
    const ways = [[], ...[...amounts.keys()].map((tokenId) => [tokenId])];
    return ways.map((inputs) => ({ type: 'write', effect, originSeq, inputs, outputs, deps: [], hidden: true }));
  });
  return [{ type: 'other' }, ...heard, ...booked, ...hidden];
}

function* product<Item>(lists: readonly (readonly Item[])[]): Generator<Item[]> {
  const [first, ...rest] = lists;
  if (!first) {
    yield [];
    return;
  }
  for (const tail of product(rest)) for (const item of first) yield [item, ...tail];
}

function fill(logs: Logs, slots: readonly Slot[], filling: readonly Line[]): Completion {
  const open = new Map([...logs.keys()].map((device): [string, Line[]] => [device, []]));
  for (const [index, { device }] of slots.entries()) open.get(device)?.push(filling[index] as Line);
  return new Map(
    [...logs].map(([device, { lines }]) => {
      const missing = open.get(device) as Line[];
      const whole = lines.map((line) => (line === 'hole' ? (missing.shift() as Line) : line));
      return [device, [...whole, ...missing]];
    }),
  );
}

/**
 * Whether a completion can have happened: every effect was written once, in its origin's order, before anybody heard of
 * it, and nobody spent what it did not hold.
 */
function isPossible(completion: Completion, origins: Origins): boolean {
  const written = new Set<string>();
  const counts = new Map<string, number>();
  const open = new Map([...completion].map(([device, lines]) => [device, [...lines]]));
  for (let moved = true; moved; ) {
    moved = false;
    for (const [device, lines] of open) {
      for (let next = lines[0]; next; next = lines[0]) {
        if (next.type === 'write') {
          const count = (counts.get(device) ?? 0) + 1;
          if (written.has(next.effect) || next.originSeq !== count) return false;
          written.add(next.effect);
          counts.set(device, count);
        } else if ((next.type === 'heard' || next.type === 'moved') && !written.has(next.effect)) break;
        lines.shift();
        moved = true;
      }
    }
  }
  if ([...open.values()].some((lines) => lines.length > 0)) return false;
  if ([...origins.keys()].some((effect) => !written.has(effect))) return false;
  const supposed = [...completion.values()].filter((lines) =>
    lines.some((line) => line.type === 'write' && line.hidden),
  );
  return supposed.length === 0 || supposed.every((lines) => spendsWhatItHolds(lines, facts(completion)));
}

function spendsWhatItHolds(lines: readonly Line[], effects: ReadonlyMap<string, Fact>): boolean {
  return lines.every((line, at) => {
    if (line.type !== 'write' || line.hidden !== true) return true;
    const known = [...effects.values()].filter(({ effect }) => knownAt(lines, effect) < at);
    return line.inputs.every(
      (tokenId) =>
        known.some(({ outputs }) => outputs.some((token) => token.tokenId === tokenId)) &&
        !known.some(({ inputs }) => inputs.includes(tokenId)),
    );
  });
}

type Fact = Write & { readonly origin: string };

function facts(completion: Completion): Map<string, Fact> {
  const found = new Map<string, Fact>();
  for (const [origin, lines] of completion) {
    for (const line of lines) if (line.type === 'write') found.set(line.effect, { ...line, origin });
  }
  return found;
}

/** Where a device's lines first say that it has the effect in its state; `Infinity` where none does. */
function knownAt(lines: readonly Line[], effect: string): number {
  const at = lines.findIndex(
    (line) =>
      (line.type === 'write' && line.effect === effect) ||
      (line.type === 'moved' && line.effect === effect) ||
      (line.type === 'heard' && line.effect === effect && ['applied', 'deduplicated'].includes(line.action)),
  );
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** What is wrong in logs without holes, by `class device effect`. Effects of which no line names the origin are not
 * asked about; `undefined` where the contract leaves it open. */
function* judgeCompletion(
  completion: Completion,
  origins: Origins,
  aborted: boolean,
): Generator<[string, boolean | undefined]> {
  const effects = facts(completion);
  for (const fact of effects.values()) {
    if (!origins.has(fact.effect)) continue;
    for (const [device, lines] of completion) {
      if (device !== fact.origin) {
        yield [`delivery ${device} ${fact.effect}`, isUndelivered(fact, device, completion, effects, aborted)];
      }
      yield [`balances ${device} ${fact.effect}`, isMisbooked(fact, lines, effects)];
    }
  }
}

function isUndelivered(
  fact: Fact,
  device: string,
  completion: Completion,
  effects: ReadonlyMap<string, Fact>,
  aborted: boolean,
): boolean | undefined {
  const lines = completion.get(device) as readonly Line[];
  if (knownAt(lines, fact.effect) < Number.POSITIVE_INFINITY) return false;
  const heard = (...actions: string[]) =>
    lines.findLastIndex(
      (line) => line.type === 'heard' && line.effect === fact.effect && actions.includes(line.action),
    );
  const refused = heard('skipped', 'rejected');
  const received = heard('received');
  if (refused >= 0 && received < refused) return true;
  const followers = lines.flatMap((line, at) => {
    if (line.type === 'write') return line.deps.some((effect) => reaches(effect, fact, effects)) ? [at] : [];
    const applied = line.type === 'heard' && line.action === 'applied' && !line.headsOnly;
    return applied && line.effect !== fact.effect && reaches(line.effect, fact, effects) ? [at] : [];
  });
  const owedSince = refused >= 0 ? refused : (followers[0] ?? -1);
  if (owedSince < 0) return endsQuiescent(lines) && endsQuiescent(completion.get(fact.origin) ?? []);
  if (!aborted) return true;
  // What was under way when everything stopped is pending. Whether it still was, the contract does not say, unless the
  // device went on with another effect.
  const last = Math.max(owedSince, received);
  const wentOn = lines.slice(last + 1).some((line) => isProgress(line) && effectOf(line) !== effectOf(lines[last]));
  return wentOn ? true : undefined;
}

function isProgress(line: Line): boolean {
  return line.type === 'write' || (line.type === 'heard' && line.action === 'applied');
}

function effectOf(line: Line | undefined): string | undefined {
  return line && 'effect' in line ? line.effect : undefined;
}

/** Whether an effect is, or causally follows, another: by what it names, or by being a later one of the same origin. */
function reaches(effect: string, fact: Fact, effects: ReadonlyMap<string, Fact>, seen = new Set<string>()): boolean {
  const from = effects.get(effect);
  if (!from || seen.has(effect)) return false;
  seen.add(effect);
  if (from.origin === fact.origin && from.originSeq >= fact.originSeq) return true;
  const earlier = [...effects.values()].filter(
    ({ origin, originSeq }) => origin === from.origin && originSeq < from.originSeq,
  );
  return [...from.deps, ...earlier.map((other) => other.effect)].some((next) => reaches(next, fact, effects, seen));
}

function endsQuiescent(lines: readonly Line[]): boolean {
  const last = lines.at(-1);
  return last?.type === 'end' && last.quiescent;
}

/** Whether what an effect says of tokens is not what the device booked for it, once: nothing less, nothing more, nothing else. */
function isMisbooked(fact: Fact, lines: readonly Line[], effects: ReadonlyMap<string, Fact>): boolean {
  const since = knownAt(lines, fact.effect);
  if (since === Number.POSITIVE_INFINITY) return false;
  const before = [...effects.values()].filter(({ effect }) => knownAt(lines, effect) < since);
  const isRetired = (tokenId: string) => before.some(({ inputs }) => inputs.includes(tokenId));
  const births = before.flatMap(({ outputs }) => outputs);
  const expected = [
    ...fact.outputs.filter(({ tokenId }) => !isRetired(tokenId)),
    ...births
      .filter(({ tokenId }) => fact.inputs.includes(tokenId) && !isRetired(tokenId))
      .map(({ tokenId, amount }) => ({ tokenId, amount: -amount })),
  ];
  const moved = lines.flatMap((line) => (line.type === 'moved' && line.effect === fact.effect ? [line.tokenId] : []));
  const isUnexpected = (tokenId: string) => !expected.some((change) => change.tokenId === tokenId);
  if (moved.some((tokenId) => isUnexpected(tokenId) && sumOf(lines, fact.effect, tokenId) !== 0)) return true;
  return expected.some(({ tokenId, amount }) =>
    moved.includes(tokenId) ? sumOf(lines, fact.effect, tokenId) !== amount : !mayStillBook(since, lines),
  );
}

/** By how much the lines move a token for an effect. */
function sumOf(lines: readonly Line[], effect: string, tokenId: string): number {
  return lines.reduce(
    (sum, line) =>
      line.type === 'moved' && line.effect === effect && line.tokenId === tokenId ? sum + line.delta : sum,
    0,
  );
}

/** Before a quiescent end nothing waits any longer; before another, what came before the last effect that was booked does not. */
function mayStillBook(since: number, lines: readonly Line[]): boolean {
  if (endsQuiescent(lines)) return false;
  return !lines.some((line) => line.type === 'moved' && knownAt(lines, line.effect) > since);
}
