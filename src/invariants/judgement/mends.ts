import { type HistoryEvent, laneKey } from '../../replay/causal-order.ts';
import type { Mark } from '../../replay/mark.ts';
import type { Effect } from '../../replay/projections/delivery.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import type { DeliveryChain } from '../evidence/delivery-chain.ts';
import { covers } from '../evidence/identity-log.ts';
import { count } from '../evidence/wording.ts';
import type { FindingDraft } from '../invariant.ts';
import { booked, knows, learned, type Remedy, restore } from './remedy.ts';

/** A finding, and the evidence that it was made of. */
export interface Scene {
  readonly file: CaseFile;
  readonly draft: FindingDraft;
}

/** How a history would go without one fault. */
export interface Mend {
  /** What stands after "had": `bob-peer2 applied e17`. */
  readonly clause: string;
  /** Lines that would not be there. */
  readonly without?: (event: HistoryEvent) => boolean;
  /** What a line would say instead, if it would. */
  readonly instead?: (event: HistoryEvent) => HistoryEvent;
  /** What devices would have come to hold. */
  readonly remedies?: readonly Remedy[];
  /** The reading that would have shown the ledger as it is: then no ledger is at fault. */
  readonly shown?: HistoryEvent;
}

/** How the fault of a finding is mended; where it cannot be, a sentence that says why. */
export type Mending = (scene: Scene) => Mend | string;

/** An event's own place: lines of two passes over a run are the same line where this is equal. */
export function lineKey(event: HistoryEvent): string {
  return `${event.incarnation} ${event.seq} ${event.type} ${event.file.path}:${event.line} ${laneKey(event)}`;
}

/** The effect that did not arrive, or was not taken, is applied. */
export const effectApplied: Mending = (scene) => learning(scene, ({ device, effect }) => `${device} applied ${effect}`);

/** All that an import should have brought is there. */
export const classBrought: Mending = (scene) =>
  learning(
    scene,
    ({ device, explains, detail }) =>
      `${device} imported the ${count(explains?.length ?? 0, 'effect')} under ${detail}`,
    (event, chain, { at, explains = [] }) =>
      at && lineKey(event) === lineKey(at.event) ? listing(chain, event, explains) : event,
  );

/** The device recovered from the newest snapshot that it could know of. */
export const newestRecovered: Mending = (scene) =>
  learning(
    scene,
    (draft) => `${draft.device} recovered from ${newerThan(draft) ?? 'the newest snapshot'}`,
    (event, _, draft) => {
      const [older, newer] = [snapshotOf(draft.at?.event), newerThan(draft)];
      const recovers = event.type === 'import' || event.type === 'balance';
      if (!recovers || event.device !== draft.device || event.snapshot !== older || !newer) return event;
      if (event.type === 'balance' || !event.contents) return { ...event, snapshot: newer };
      return { ...event, snapshot: newer, contents: [...event.contents, ...(draft.explains ?? [])] };
    },
  );

/** The snapshot holds what it claims, and so does every device that imported it. */
export const snapshotCompleted: Mending = ({ file, draft }) => {
  const chain = chainOf(file, draft);
  const snapshot = snapshotOf(draft.at?.event) ?? '';
  const omitted = effectsOf(chain, draft);
  const places = new Map(
    chain.importsOf(snapshot).map((imported) => {
      const { device } = imported.event;
      const phase = phaseAt(chain, device, imported);
      return [`${phase} ${device}`, { device, phase }];
    }),
  );
  const remedies = [...places.values()]
    .map(({ device, phase }) => learned(chain, device, phase, omitted))
    .filter(({ effects }) => effects.length > 0);
  const more = omitted.length > 1 ? ` and ${count(omitted.length - 1, 'other effect')}` : '';
  const instead = (event: HistoryEvent) =>
    snapshotOf(event) === snapshot ? listing(chain, event, draft.explains ?? []) : event;
  return { clause: `${snapshot} held ${draft.effect}${more}`, instead, remedies };
};

/** What was booked again is booked once. */
export const appliedOnce: Mending = ({ file, draft: { device = '', effect, tokenId, at, identity } }) => {
  const chain = file.chain(identity ?? '');
  const named = chain.effects.find((candidate) => candidate.effect === effect);
  const phase = at ? phaseAt(chain, device, at) : 0;
  const again =
    (named &&
      chain
        .movements(named, device, phase)
        .get(tokenId ?? '')
        ?.lines.slice(1)) ??
    [];
  return { clause: `${device} applied ${effect} once`, without: anyOf(again.map(({ event }) => event)) };
};

/** The balance moves by what the effect says. */
export const effectBooked: Mending = ({ file, draft }) => {
  const { device = '', effect, tokenId = '', at } = draft;
  const chain = chainOf(file, draft);
  const named = chain.effects.find((candidate) => candidate.effect === effect);
  if (!named?.write || !at) return unwritten(effect);
  const remedy = booked(chain, device, phaseAt(chain, device, at), [named]);
  const own = [...remedy.tokens].filter(([id]) => id === tokenId);
  return { clause: `${device} booked ${effect}`, remedies: [{ ...remedy, effects: [], tokens: new Map(own) }] };
};

/** The token that the effect names moves, and not another one in its place. */
export const rightTokenMoved: Mending = (scene) => {
  const { effect, device, tokenId, at } = scene.draft;
  if (effect === undefined || !at)
    return 'no line says why they hold different tokens, so that there is no fault to take away';
  const mend = effectBooked(scene);
  if (typeof mend === 'string') return mend;
  return { ...mend, clause: `${effect} moved ${tokenId} on ${device}`, without: anyOf([at.event]) };
};

/** A token that nothing brought never moves. */
export const neverMoved: Mending = (scene) =>
  withoutToken(scene, ({ tokenId, device }) => `${tokenId} never moved on ${device}`);

/** A token that was spent stays so. */
export const stayedSpent: Mending = (scene) =>
  withoutToken(scene, ({ tokenId, device }) => `${tokenId} stayed spent on ${device}`);

/** The effect that spent a token which another one had spent is never written. */
export const loserUnwritten: Mending = ({ file, draft }) => {
  const { effect, tokenId = '', device } = draft;
  if (effect === undefined) return `these logs cannot tell which of the two that spent ${tokenId} should not have been`;
  const chain = chainOf(file, draft);
  const rivals = (chain.tokens.get(tokenId)?.retirements ?? []).filter((rival) => rival.effect !== effect);
  const remedies = chain.devices.map((each) => {
    const phase = chain.phases(each).length - 1;
    const known = rivals.filter((rival) => knows(chain, rival, each, phase));
    const tokens = new Map(booked(chain, each, phase, known).tokens);
    if (known.length === 0) restore(chain, each, phase, tokenId, tokens);
    return { device: each, phase, effects: [], tokens };
  });
  return {
    clause: `${device} not written ${effect}`,
    without: (event) => 'effect' in event && event.effect === effect,
    remedies,
  };
};

/** The device shows its ledger as it is, as long as its process runs. */
export const ledgerShown: Mending = ({ draft: { code, device, at } }) => {
  if (!at) return 'no line says what was shown';
  const { incarnation, type } = at.event;
  const coin = 'coin' in at.event ? at.event.coin : undefined;
  const without = (event: HistoryEvent) =>
    (event.type === 'balance.read' || event.type === 'tokens.read') &&
    event.device === at.event.device &&
    event.incarnation === incarnation &&
    (code === 'not-durable' || (event.type === type && ('coin' in event ? event.coin : undefined) === coin));
  return { clause: `${device} shown what its ledger holds`, without, shown: at.event };
};

/** What was written is wrong by itself, and every device took it as it stands. */
export const wronglyWritten: Mending = ({ draft: { effect } }) =>
  `${effect} is wrong as it was written, and no line says what it should have been`;

/** Nothing in the logs says why, so that there is nothing to leave out. */
export const unexplained: Mending = () => 'no line says why they differ, so that there is no fault to take away';

/** The logs themselves are in doubt. */
export const aboutTheLogs: Mending = () => 'this is about the logs, and not about what a device did';

/** The cost was too high, and no ledger is wrong for it. */
export const aboutTheCost: Mending = () => 'this is about what it cost, and no ledger would be different';

function learning(
  { file, draft }: Scene,
  clauseOf: (draft: FindingDraft) => string,
  rewrite: (event: HistoryEvent, chain: DeliveryChain, draft: FindingDraft) => HistoryEvent = (event) => event,
): Mend | string {
  const { device, at } = draft;
  if (device === undefined || !at) return 'no line says which device it concerns';
  const chain = chainOf(file, draft);
  const effects = effectsOf(chain, draft);
  if (effects.some(({ write }) => write === null)) return unwritten(draft.effect);
  return {
    clause: clauseOf(draft),
    instead: (event) => rewrite(event, chain, draft),
    remedies: [learned(chain, device, phaseAt(chain, device, at), effects)],
  };
}

function withoutToken({ file, draft }: Scene, clauseOf: (draft: FindingDraft) => string): Mend | string {
  const { device = '', tokenId = '', at } = draft;
  if (!at) return 'no line says where it came from';
  const chain = chainOf(file, draft);
  const lines = chain.tokenLines(device, phaseAt(chain, device, at)).get(tokenId) ?? [];
  const since = lines.filter(({ position }) => position >= at.position);
  return { clause: clauseOf(draft), without: anyOf(since.map(({ event }) => event)) };
}

/** The effects whose absence a finding explains, or the one that it names. */
function effectsOf(chain: DeliveryChain, { effect, explains = [] }: FindingDraft): Effect[] {
  const named = new Set(explains.length > 0 ? explains : [effect]);
  return chain.effects.filter((candidate) => named.has(candidate.effect));
}

/** The phase of a device's life in which a line of its own stands; the last for any other line. */
function phaseAt(chain: DeliveryChain, device: string, { event, position }: Mark<HistoryEvent>): number {
  const phases = chain.phases(device);
  const own = event.device === device && event.stream === undefined;
  const found = own ? phases.findIndex(({ until }) => until === null || position <= until.position) : -1;
  return found < 0 ? phases.length - 1 : found;
}

/** A publish or an import that lists these effects, too; where nothing was listed, all that the snapshot claims. */
function listing(chain: DeliveryChain, event: HistoryEvent, effects: readonly string[]): HistoryEvent {
  if (event.type !== 'publish' && event.type !== 'import') return event;
  const { frontier = {}, contents } = chain.published(event.snapshot)?.event ?? {};
  const claimed = () => chain.effects.filter((effect) => covers(frontier, effect)).map(({ effect }) => effect);
  return { ...event, contents: [...new Set([...(event.contents ?? contents ?? claimed()), ...effects])] };
}

/** The snapshot that a stale recovery should have taken. */
function newerThan({ at, story = [] }: FindingDraft): string | undefined {
  const older = snapshotOf(at?.event);
  return story.map(({ event }) => snapshotOf(event)).find((snapshot) => snapshot !== undefined && snapshot !== older);
}

function snapshotOf(event: HistoryEvent | undefined): string | undefined {
  return event && 'snapshot' in event ? event.snapshot : undefined;
}

function chainOf(file: CaseFile, { identity = '' }: FindingDraft): DeliveryChain {
  return file.chain(identity);
}

function anyOf(events: readonly HistoryEvent[]): (event: HistoryEvent) => boolean {
  const keys = new Set(events.map(lineKey));
  return (event) => keys.has(lineKey(event));
}

function unwritten(effect: string | undefined): string {
  return `the line that wrote ${effect} is not in the logs, so that nobody can say what it would have changed`;
}
