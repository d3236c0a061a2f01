import type { Cast, Effect, Player, Token } from './cast.ts';
import type { Happening } from './sentence.ts';

/** The fields of a line beside its header. */
export type Fields = Readonly<Record<string, unknown>>;

/** A line of the log, and the balance lines that follow from it where the story says `booked`. */
export interface Told {
  readonly type: string;
  readonly fields: Fields;
  readonly consequences?: () => readonly Told[];
}

type Verb = (sentence: Happening, player: Player, cast: Cast) => Told;

/** What a device of a story can do, by the word that says so. */
export const verbs: Readonly<Record<string, Verb>> = {
  start: () => ({ type: 'device.start', fields: {} }),
  end: ({ words: [how], options }, _, cast) => ({
    type: 'device.end',
    fields: { quiescent: how === 'quiescent', ...ids(cast, 'effect', 'heads', options) },
  }),
  write(sentence, player, cast) {
    const { words, options } = sentence;
    const originSeq = Number(options.get('originSeq') ?? player.written + 1);
    player.written = Math.max(player.written, originSeq);
    const inputs = list(options.get('inputs')).map((name) => cast.id('token', name));
    const outputs = list(options.get('outputs')).map((text) => tokenOf(text, cast));
    const effect = cast.id('effect', words[0] as string);
    const { device: origin, identity } = player;
    const fact: Effect = { effect, origin, originSeq, identity, inputs, outputs };
    if (!cast.effects.has(effect)) cast.effects.set(effect, fact);
    return {
      type: 'write',
      fields: {
        effect,
        originSeq,
        key: keyOf(options.get('key') ?? `data:${words[0]}`, cast),
        ...pick(options, ['kind']),
        ...numbers(options, ['durationMs', 'bytes']),
        ...(options.has('cid') && { cid: cast.id('cid', options.get('cid') as string) }),
        ...ids(cast, 'effect', 'deps', options),
        ...(options.has('inputs') && { inputs }),
        ...(options.has('outputs') && {
          outputs: outputs.map(({ owner, ...token }) => ({ ...token, ...(owner && { owner }) })),
        }),
      },
      consequences: () => (booked(sentence) ? bookings(player.learn([fact]), { effect }) : []),
    };
  },
  applied: replication,
  received: replication,
  skipped: replication,
  deduplicated: replication,
  rejected: replication,
  replication: ({ words: [effect = '', action = ''], ...rest }, player, cast) =>
    replication({ ...rest, verb: action, words: [effect] }, player, cast),
  verify: ({ words: [effect, how], options }, _, cast) => ({
    type: 'verify',
    fields: {
      ...(effect !== undefined && { effect: cast.id('effect', effect) }),
      ...pick(options, ['gateway']),
      ...(options.has('cid') && { cid: cast.id('cid', options.get('cid') as string) }),
      attempt: Number(options.get('attempt') ?? 1),
      ok: how !== 'failed',
      durationMs: Number(options.get('durationMs') ?? 200),
    },
  }),
  request: ({ words: [kind, how], options }) => ({
    type: 'request',
    fields: {
      kind,
      ...pick(options, ['requestId']),
      attempt: Number(options.get('attempt') ?? 1),
      ok: how !== 'failed',
      durationMs: Number(options.get('durationMs') ?? 40),
      ...numbers(options, ['bytes', 'blocks']),
    },
  }),
  publish({ words: [name = ''], options }, _, cast) {
    const snapshot = cast.id('snapshot', name);
    const frontier = Object.fromEntries(
      list(options.get('frontier')).map((entry) => {
        const [device = '', reached] = entry.split(':');
        return [device, Number(reached)];
      }),
    );
    const contents = ids(cast, 'effect', 'contents', options).contents;
    if (!cast.snapshots.has(snapshot)) cast.snapshots.set(snapshot, { frontier, contents });
    return {
      type: 'publish',
      fields: { snapshot, frontier, ...(contents && { contents }), ...numbers(options, ['durationMs']) },
    };
  },
  import(sentence, player, cast) {
    const { words, options } = sentence;
    const snapshot = cast.id('snapshot', words[0] as string);
    const contents = ids(cast, 'effect', 'contents', options).contents;
    return {
      type: 'import',
      fields: { snapshot, source: options.get('source') ?? 'network', ...(contents && { contents }) },
      consequences: () =>
        booked(sentence) ? bookings(player.learn(cast.factsOf(snapshot, contents)), { snapshot }) : [],
    };
  },
  clear(_, player) {
    player.clear();
    return { type: 'clear', fields: {} };
  },
  balance({ words: [name = '', coin = '', amount = ''], options }, player, cast) {
    const change = { tokenId: cast.id('token', name), coin, delta: amount.replace(/^\+/, '') };
    player.move(change);
    const effect = options.get('effect');
    const snapshot = options.get('snapshot');
    return {
      type: 'balance',
      fields: {
        ...change,
        ...(effect !== undefined && { effect: cast.id('effect', effect) }),
        ...(snapshot !== undefined && { snapshot: cast.id('snapshot', snapshot) }),
      },
    };
  },
  read: ({ words: [coin, amount], options }) => ({
    type: 'balance.read',
    fields: { coin, amount, tokens: Number(options.get('tokens') ?? 1) },
  }),
  tokens: ({ words, options }, _, cast) => ({
    type: 'tokens.read',
    fields: {
      tokens: words.map((word) => {
        const [name = '', coin, amount, status] = word.split(':');
        const tokenId = options.has('prefix')
          ? cast.id('token', name).slice(0, Number(options.get('prefix')))
          : cast.id('token', name);
        return { tokenId, ...(coin && { coin }), ...(amount && { amount }), ...(status && { status }) };
      }),
      ...numbers(options, ['tombstones']),
    },
  }),
  arbiter: ({ words: [token = '', verdict], options }, _, cast) => ({
    type: 'arbiter',
    fields: { tokenId: cast.id('token', token), verdict, ...pick(options, ['requestId']) },
  }),
  begin: ({ words: [op], options }) => ({ type: 'op.start', fields: { op, ...pick(options, ['parentOpId']) } }),
  done: ({ words: [op, how], options }) => ({
    type: 'op.end',
    fields: { op, ok: how !== 'failed', durationMs: Number(options.get('durationMs') ?? 100) },
  }),
};

function replication(sentence: Happening, player: Player, cast: Cast): Told {
  const { verb: action, words, options } = sentence;
  const effect = cast.id('effect', words[0] as string);
  const fact = cast.effects.get(effect);
  const origin = options.get('origin') ?? fact?.origin;
  const originSeq = Number(options.get('originSeq') ?? fact?.originSeq);
  if (origin === undefined || Number.isNaN(originSeq)) {
    throw new Error(`story: nobody has written ${words[0]} yet: name its origin= and originSeq=`);
  }
  return {
    type: 'replication',
    fields: {
      effect,
      origin,
      originSeq,
      action,
      ...pick(options, ['reason']),
      ...(words.includes('headsOnly') && { headsOnly: true }),
    },
    consequences: () => (booked(sentence) && fact ? bookings(player.learn([fact]), { effect }) : []),
  };
}

function bookings(changes: ReturnType<Player['learn']>, cause: Fields): Told[] {
  return changes.map((change) => ({ type: 'balance', fields: { ...change, ...cause } }));
}

function booked({ words }: { readonly words: readonly string[] }): boolean {
  return words.includes('booked');
}

/** `T1:UCT:100`, or with its owner: `T1:UCT:100:alice`. */
function tokenOf(text: string, cast: Cast): Token {
  const [name = '', coin = '', amount = '', owner] = text.split(':');
  return { tokenId: cast.id('token', name), coin, amount, owner };
}

/** A key with the id of the token that it names: `token:T1`. */
function keyOf(key: string, cast: Cast): string {
  const [kind, name] = key.split(':');
  return name !== undefined && cast.hex ? `${kind}:${cast.id('token', name).slice(0, 16)}` : key;
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

function pick(options: ReadonlyMap<string, string>, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.flatMap((key) => (options.has(key) ? [[key, options.get(key)]] : [])));
}

function numbers(options: ReadonlyMap<string, string>, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.flatMap((key) => (options.has(key) ? [[key, Number(options.get(key))]] : [])));
}

function ids<Key extends string>(
  cast: Cast,
  kind: 'effect',
  key: Key,
  options: ReadonlyMap<string, string>,
): { [K in Key]?: string[] } {
  if (!options.has(key)) return {};
  return { [key]: list(options.get(key)).map((name) => cast.id(kind, name)) } as { [K in Key]?: string[] };
}
