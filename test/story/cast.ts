import { createHash } from 'node:crypto';

/** A token as a write puts it out. */
export interface Token {
  readonly tokenId: string;
  readonly coin: string;
  readonly amount: string;
  readonly owner: string | undefined;
}

/** A fact of the story, as its write told it. */
export interface Effect {
  readonly effect: string;
  readonly origin: string;
  readonly originSeq: number;
  readonly identity: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly Token[];
}

/** What a snapshot was said to hold. */
export interface Snapshot {
  readonly frontier: Readonly<Record<string, number>>;
  readonly contents: readonly string[] | undefined;
}

/** One balance change that follows from an event. */
export interface Change {
  readonly tokenId: string;
  readonly coin: string;
  readonly delta: string;
}

/** A device of the story: where it stands in its own numbering, and what it holds. */
export class Player {
  incarnation = 1;
  seq = 0;
  written = 0;
  readonly device: string;
  readonly identity: string;
  readonly pid: number;
  private readonly known = new Set<string>();
  private readonly live = new Map<string, Token>();
  private readonly gone = new Set<string>();

  constructor(device: string, identity: string) {
    this.device = device;
    this.identity = identity;
    this.pid = 1000 + (createHash('sha256').update(device).digest().readUInt16BE() % 60_000);
  }

  /** The process starts: the first time it is the first incarnation, later the next one. */
  start(): void {
    this.startAs(this.seq === 0 ? this.incarnation : this.incarnation + 1);
  }

  startAs(incarnation: number): void {
    this.incarnation = incarnation;
    this.seq = 0;
  }

  clear(): void {
    for (const part of [this.known, this.live, this.gone]) part.clear();
  }

  /** Takes facts over as a set, and says what is different afterwards: what is retired once never comes alive. */
  learn(effects: readonly Effect[]): Change[] {
    const before = new Map(this.live);
    for (const { effect, inputs, outputs } of effects) {
      if (this.known.has(effect)) continue;
      this.known.add(effect);
      for (const tokenId of inputs) {
        this.gone.add(tokenId);
        this.live.delete(tokenId);
      }
      for (const token of outputs) {
        if ((token.owner ?? this.identity) === this.identity && !this.gone.has(token.tokenId))
          this.live.set(token.tokenId, token);
      }
    }
    const lost = [...before.values()].filter(({ tokenId }) => !this.live.has(tokenId));
    const gained = [...this.live.values()].filter(({ tokenId }) => !before.has(tokenId));
    return [
      ...lost.map(({ tokenId, coin, amount }) => ({ tokenId, coin, delta: `-${amount}` })),
      ...gained.map(({ tokenId, coin, amount }) => ({ tokenId, coin, delta: amount })),
    ];
  }

  /** A balance line that the story tells itself. */
  move({ tokenId, coin, delta }: Change): void {
    if (delta.startsWith('-')) this.live.delete(tokenId);
    else this.live.set(tokenId, { tokenId, coin, amount: delta, owner: undefined });
  }
}

/** Who takes part in a story, and the facts that it told so far. */
export class Cast {
  /** Whether names become ids as a real system has them. */
  hex = false;
  readonly effects = new Map<string, Effect>();
  readonly snapshots = new Map<string, Snapshot>();
  private readonly players = new Map<string, Player>();

  player(device: string, identity: string | undefined): Player {
    const player = this.players.get(device) ?? new Player(device, identity ?? 'bob');
    this.players.set(device, player);
    return player;
  }

  /** The facts up to a frontier, or those that a list names. */
  factsOf(snapshot: string, contents: readonly string[] | undefined): Effect[] {
    const published = this.snapshots.get(snapshot);
    const listed = contents ?? published?.contents;
    const all = [...this.effects.values()];
    if (listed) return all.filter(({ effect }) => listed.includes(effect));
    return all.filter(({ origin, originSeq }) => originSeq <= (published?.frontier[origin] ?? 0));
  }

  /** An id as a real system has it, made of a name: the same for the same name. */
  id(kind: 'effect' | 'token' | 'snapshot' | 'cid', name: string): string {
    if (!this.hex) return name;
    const digest = createHash('sha256').update(`${kind} ${name}`).digest();
    if (kind === 'token') return digest.toString('hex');
    if (kind === 'snapshot') return `bafkrei${base(digest, 'abcdefghijklmnopqrstuvwxyz234567', 52)}`;
    if (kind === 'cid') return `bafyrei${base(digest, 'abcdefghijklmnopqrstuvwxyz234567', 52)}`;
    return `zdpuA${base(digest, '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', 44)}`;
  }
}

function base(digest: Buffer, alphabet: string, length: number): string {
  let rest = BigInt(`0x${digest.toString('hex')}`);
  let text = '';
  for (let index = 0; index < length; index++) {
    text += alphabet[Number(rest % BigInt(alphabet.length))];
    rest = rest / BigInt(alphabet.length);
    if (rest === 0n) rest = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
  }
  return text;
}
