import type { Random } from '../simulator/prng.ts';

interface Token {
  readonly tokenId: string;
  readonly amount: number;
}
interface Effect {
  readonly effect: string;
  readonly origin: string;
  readonly inputs: readonly Token[];
  readonly outputs: readonly Token[];
}

/** The story of two or three devices of one identity, at most `effects` effects, now and then a fault, and lost lines. */
export function tinyWorld(random: Random, effects = 8): string {
  return new TinyWorld(random, effects).story();
}

class TinyWorld {
  private readonly random: Random;
  private readonly devices: readonly string[];
  private readonly lines: string[] = [];
  private readonly effects: Effect[] = [];
  private readonly known = new Map<string, Set<Effect>>();
  private readonly spent = new Set<Token>();
  private readonly faulty: number;

  constructor(random: Random, effects: number) {
    this.random = random;
    this.devices = random.chance(0.7) ? ['peer1', 'peer2'] : ['peer1', 'peer2', 'peer3'];
    this.faulty = random.pick([0, 0.1, 0.3]);
    for (const device of this.devices) this.known.set(device, new Set());
    this.play(random.between(1, random.pick([2, 4, effects])));
  }

  story(): string {
    return this.withLostLines().join('\n');
  }

  private play(effects: number): void {
    const { random } = this;
    const inOrder = random.chance(0.6);
    while (this.effects.length < effects) {
      if (random.chance(0.5)) this.write(random.pick(this.devices));
      else this.deliver(random.pick(this.devices), inOrder);
    }
    const settled = random.chance(0.6);
    for (let left = 8 * this.devices.length; settled && left > 0; left--) {
      this.deliver(this.devices[left % this.devices.length] as string, inOrder);
    }
    const ending = random.pick(['quiescent', 'quiescent', 'orderly', 'aborted', 'mixed']);
    for (const device of this.devices) {
      const how = ending === 'mixed' ? random.pick(['quiescent', 'orderly', 'aborted']) : ending;
      if (how !== 'aborted') this.lines.push(`${device}  end ${how}`);
      else if (random.chance(0.5)) this.lines.push(`${device}  log`);
    }
  }

  private write(device: string): void {
    const { random } = this;
    const effect = `e${this.effects.length + 1}`;
    const known = [...(this.known.get(device) as Set<Effect>)];
    const held = known.flatMap(({ outputs }) => outputs).filter((token) => !this.spent.has(token));
    const input = random.chance(0.5) ? random.pickOptional(held) : undefined;
    if (input) this.spent.add(input);
    const output = { tokenId: `T${effect.slice(1)}`, amount: input?.amount ?? 10 * (this.effects.length + 1) };
    const fact: Effect = {
      effect,
      origin: device,
      inputs: input ? [input] : [],
      outputs: random.chance(input ? 0.5 : 0.15) ? [] : [output],
    };
    const dep = random.chance(0.2) ? random.pickOptional(known) : undefined;
    this.effects.push(fact);
    const said = [
      ...fact.inputs.map(({ tokenId }) => `inputs=${tokenId}`),
      ...fact.outputs.map(({ tokenId, amount }) => `outputs=${tokenId}:UCT:${amount}`),
      ...(dep ? [`deps=${dep.effect}`] : []),
    ];
    this.lines.push(`${device}  write ${effect} ${said.join(' ')}`);
    this.book(device, fact);
  }

  private deliver(device: string, inOrder: boolean): void {
    const { random } = this;
    const known = this.known.get(device) as Set<Effect>;
    const open = this.effects.filter((effect) => effect.origin !== device && !known.has(effect));
    const fact = inOrder ? open[0] : random.pickOptional(open);
    if (!fact) return;
    if (random.chance(0.3)) this.lines.push(`${device}  received ${fact.effect}`);
    if (random.chance(this.faulty)) {
      const fault = random.pick(['skipped', 'rejected', 'lost', 'received', 'again']);
      if (fault === 'skipped') this.lines.push(`${device}  skipped ${fact.effect} reason=own-identity`);
      if (fault === 'rejected') this.lines.push(`${device}  rejected ${fact.effect} reason=invalid`);
      if (fault === 'received') this.lines.push(`${device}  received ${fact.effect}`);
      if (fault === 'again') {
        this.lines.push(`${device}  rejected ${fact.effect} reason=busy`, `${device}  received ${fact.effect}`);
      }
      // It may come again, or never.
      if (random.chance(0.6)) known.add(fact);
      return;
    }
    this.lines.push(`${device}  applied ${fact.effect}`);
    this.book(device, fact);
    if (random.chance(this.faulty / 2)) this.lines.push(`${device}  applied ${fact.effect}`);
    if (random.chance(0.1)) this.lines.push(`${device}  deduplicated ${fact.effect}`);
  }

  /** The net change, as a set has it: what was spent before never comes alive. */
  private book(device: string, fact: Effect): void {
    const { random } = this;
    const known = this.known.get(device) as Set<Effect>;
    const before = [...known];
    known.add(fact);
    const isSpent = (token: Token) => before.some(({ inputs }) => inputs.includes(token));
    const isBorn = (token: Token) => before.some(({ outputs }) => outputs.includes(token));
    const moves = [
      ...fact.inputs.filter(isBorn).map(({ tokenId, amount }) => `${tokenId} UCT -${amount}`),
      ...fact.outputs.filter((token) => !isSpent(token)).map(({ tokenId, amount }) => `${tokenId} UCT ${amount}`),
    ];
    for (const move of moves) {
      const line = `${device}  balance ${move} effect=${fact.effect}`;
      const fault = random.chance(this.faulty) ? random.pick(['missing', 'twice', 'other']) : 'none';
      if (fault !== 'missing')
        this.lines.push(
          fault === 'other' ? line.replace(/(\d+) effect/, random.pick(['7$1 effect', '4 effect'])) : line,
        );
      if (fault === 'twice') this.lines.push(line);
    }
  }

  private withLostLines(): string[] {
    const { random, lines } = this;
    const way = random.pick(['none', 'some', 'some', 'tail']);
    if (way === 'none') return lines;
    if (way === 'some') {
      const lost = new Set(Array.from({ length: random.between(1, 2) }, () => random.between(0, lines.length - 1)));
      return lines.map((line, at) => (lost.has(at) ? `- ${line}` : line));
    }
    const victim = random.pick(this.devices);
    const own = [...lines.keys()].filter((at) => lines[at]?.startsWith(victim));
    const most = lines[own.at(-1) ?? 0]?.includes('  end ') ? 3 : 2;
    const lost = own.slice(1).slice(-random.between(1, most));
    return lines.map((line, at) => (lost.includes(at) ? `- ${line}` : line));
  }
}
