/** A change of an invariant's source that its own stories notice, and no others. */
export interface OwnMutant {
  readonly invariant: string;
  /** The text that is replaced; it is in the source once. */
  readonly from: string;
  readonly to: string;
  /** What no longer holds, in a sentence. */
  readonly breaks: string;
}

/** One for each invariant. `npm run mutants -- --own` shows that it is so. */
export const ownMutants: readonly OwnMutant[] = [
  {
    invariant: 'log-complete',
    from: '[...namedBySnapshots(file), ...expectedDevices(file), ...namedByEffects(file)]',
    to: '[...expectedDevices(file), ...namedByEffects(file), ...namedBySnapshots(file)]',
    breaks: 'A missing device is named by a snapshot, though its own effect or the manifest names it.',
  },
  {
    invariant: 'amounts-conserved',
    from: 'source.output.coin === coin && ',
    to: '',
    breaks: 'What is received may be of another coin than what was sent.',
  },
  {
    invariant: 'spent-once',
    from: 'left.opId === undefined || ',
    to: '',
    breaks: 'Two writes that name no operation are taken for one request.',
  },
  {
    invariant: 'snapshots-complete',
    from: "publish.event.frontier[origin ?? ''] === originSeq && ",
    to: '',
    breaks: 'Any effect that became durable late lost a race, not only the newest.',
  },
  {
    invariant: 'recovery-fresh',
    from: 'later === newer || ',
    to: '',
    breaks: 'A device that takes over the newer snapshot after all has still recovered from an older one.',
  },
  {
    invariant: 'effects-delivered',
    from: "count(hidden.length, 'effect')",
    to: "count(missing.length, 'effect')",
    breaks: 'What a hole could hide is counted in holes, not in effects.',
  },
  {
    invariant: 'effects-moved',
    from: "position > known.since.position && (event.frontier[effect.origin ?? ''] ?? 0) >= effect.originSeq,",
    to: 'position > known.since.position,',
    breaks: 'Any snapshot that a device publishes ends the wait for a booking, whatever it claims.',
  },
  {
    invariant: 'tokens-grounded',
    from: 'hole.before.position > line.position',
    to: 'hole.before.position >= line.position',
    breaks: 'A crash right before a token came hides nothing.',
  },
  {
    invariant: 'durable-stays',
    from: ' && tokensWithout === number',
    to: '',
    breaks: 'What was verified is gone if the total says so, though the number of tokens does not.',
  },
  {
    invariant: 'balance-reads',
    from: 'hole.before.position <= wrong.read.position',
    to: 'hole.before.position < wrong.read.position',
    breaks: 'A crash right before a reading hides nothing.',
  },
  {
    invariant: 'supply-agrees',
    from: 'others.length > 0 && ',
    to: '',
    breaks: 'One device that shows more than there is proves that value was made, though a mint may not be logged.',
  },
  {
    invariant: 'readings-agree',
    from: 'unequal.length > 0 ? unequal : ',
    to: '',
    breaks: 'Devices that the scenario compares differ only if their numbers of tokens do.',
  },
  {
    invariant: 'ledgers-agree',
    from: "different.some((token) => why(token) === 'hidden')",
    to: "different.every((token) => why(token) === 'hidden')",
    breaks: 'A hole is no reason for what differs, if another token is merely under way.',
  },
];
