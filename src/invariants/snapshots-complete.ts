import { groupBy } from '../base/order.ts';
import type { ReplayEvent } from '../events/event.ts';
import { happensBefore, type Mark } from '../replay/mark.ts';
import { captures } from '../replay/projections/captures.ts';
import { delivery, type Effect, type Phase } from '../replay/projections/delivery.ts';
import { aboutEffect } from './evidence/about-effect.ts';
import type { CaseFile } from './evidence/case-file.ts';
import type { DeliveryChain } from './evidence/delivery-chain.ts';
import { covers } from './evidence/identity-log.ts';
import { count, tokensTouched, writingOf } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type StoryLine } from './invariant.ts';

/** A snapshot is what it says it is, when it is published and when it is taken over. */
export const snapshotsComplete = defineInvariant({
  name: 'snapshots-complete',
  promise: 'A snapshot holds every effect that its frontier claims, and an import brings all of them.',
  needs: ['publish'],
  uses: [captures, delivery],
  judge: (file) =>
    [...file.identities.keys()].map((identity) => {
      const chain = file.chain(identity);
      const published = [...chain.snapshots];
      return {
        subject: identity,
        findings: [...published.flatMap((mark) => omissions(chain, mark)), ...dropped(file, chain)],
        detail: count(published.length, 'snapshot'),
      };
    }),
});

type Publish = Mark<ReplayEvent<'publish'>>;
type Import = Mark<ReplayEvent<'import'>>;

/** Effects that a snapshot claims and does not list: one finding for those durable before, one for those durable after. */
function omissions(chain: DeliveryChain, publish: Publish): FindingDraft[] {
  const { contents, frontier } = publish.event;
  if (!contents) return [];
  const listed = new Set(contents);
  const omitted = chain.effects.filter((effect) => covers(frontier, effect) && !listed.has(effect.effect));
  return omissionsOf(chain, publish, omitted);
}

function omissionsOf(
  chain: DeliveryChain,
  publish: Publish,
  omitted: readonly Effect[],
  imported?: Import,
): FindingDraft[] {
  const groups = groupBy(omitted, (effect) => (wasDurable(effect, publish) ? 'snapshot-omits' : 'snapshot-race'));
  return [...groups].map(([code, effects]) =>
    omission(chain, code as 'snapshot-omits' | 'snapshot-race', publish, effects, imported),
  );
}

function wasDurable({ durable }: Effect, publish: Publish): boolean {
  return durable !== null && happensBefore(durable, publish);
}

function omission(
  chain: DeliveryChain,
  code: 'snapshot-omits' | 'snapshot-race',
  publish: Publish,
  effects: readonly Effect[],
  imported: Import | undefined,
): FindingDraft {
  const effect = chain.mostVisible(effects) as Effect;
  const { snapshot, device } = publish.event;
  const others = effects.length > 1 ? ` and ${count(effects.length - 1, 'other effect')}` : '';
  const when = effect.durable
    ? code === 'snapshot-race'
      ? 'became durable only afterwards'
      : 'was durable by then'
    : 'never became durable';
  const durable: StoryLine[] = effect.durable
    ? [{ event: effect.durable.event, role: `makes ${effect.effect} durable` }]
    : [];
  const publishing: StoryLine = {
    event: publish.event,
    role: `publishes ${snapshot}, which claims ${effect.effect} and does not hold it`,
    first: true,
  };
  const taken: StoryLine[] = (imported ? [imported] : chain.importsOf(snapshot)).map(({ event }) => ({
    event,
    role: `imports ${snapshot}`,
  }));
  return {
    code,
    verdict: 'violated',
    ...aboutEffect(chain, effect, device),
    at: publish,
    message: `${device} published ${snapshot}, which claims ${effect.effect}${others} and does not hold it; ${effect.effect} ${when}`,
    story: [
      ...writingOf(effect),
      ...(code === 'snapshot-race' ? [publishing, ...durable] : [...durable, publishing]),
      ...taken,
    ],
    touches: effects.flatMap(tokensTouched),
    explains: effects.map((each) => each.effect),
  };
}

/**
 * Effects that an import claims and did not bring although the snapshot may well hold them. Where all of one key class
 * are missing and others are there, the class was dropped; without any list of contents, else, the snapshot lacked them.
 */
function dropped(file: CaseFile, chain: DeliveryChain): FindingDraft[] {
  return chain.devices.flatMap((device) =>
    chain.phases(device).flatMap((phase, index) =>
      phase.imports.flatMap((imported) => {
        const publish = chain.published(imported.event.snapshot);
        const lists = imported.event.contents ?? publish?.event.contents;
        const hole = file.holeThatHides(device, ['balance', 'replication', 'import'], { phase: index, hard: true });
        if (!publish || (!lists && (hole || chain.lacksWrites))) return [];
        const claimed = chain.effects.filter((effect) => covers(publish.event.frontier, effect));
        const inPublish = publish.event.contents && new Set(publish.event.contents);
        const missing = claimed.filter(
          (effect) =>
            (inPublish?.has(effect.effect) ?? true) &&
            chain.holdings.broughtBy(effect, phase, imported) === false &&
            !chain.knewBefore(effect, imported),
        );
        const classes = [...groupBy(missing, classOf)].filter(([, effects]) =>
          isWhollyMissing(chain, effects, claimed, phase, imported),
        );
        const inClasses = new Set(classes.flatMap(([, effects]) => effects));
        const rest = missing.filter((effect) => !inClasses.has(effect));
        return [
          ...classes.map(([name, effects]) => classDrop(chain, device, imported, publish, name, effects)),
          ...(lists ? [] : omissionsOf(chain, publish, rest, imported)),
        ];
      }),
    ),
  );
}

/**
 * Whether the import brought nothing of the class, of which the snapshot claims several. Where neither side lists the
 * contents, only restored tokens tell; then a single effect that the publisher made durable late rather lost a race.
 */
function isWhollyMissing(
  chain: DeliveryChain,
  missing: readonly Effect[],
  claimed: readonly Effect[],
  phase: Phase,
  imported: Import,
): boolean {
  const name = classOf(missing[0] as Effect);
  const contents = chain.holdings.contentsOf(imported);
  const isThere = (effect: Effect) =>
    contents?.has(effect.effect) ?? chain.holdings.restoresTokenOf(effect, phase, imported);
  const members = claimed.filter((effect) => classOf(effect) === name);
  const raced =
    !contents && missing.length === 1 && lostItsRace(missing[0] as Effect, chain.published(imported.event.snapshot));
  return !raced && members.length > 1 && members.length < claimed.length && !members.some(isThere);
}

/** Whether the effect was the newest of the publisher's own that the snapshot claims, and became durable after it. */
function lostItsRace({ durable, origin, originSeq }: Effect, publish: Publish | undefined): boolean {
  if (!publish || !durable || durable.lane !== publish.lane) return false;
  return publish.event.frontier[origin ?? ''] === originSeq && publish.position < durable.position;
}

/** The class of an effect's key: what stands before the first `:`, `.` or `/`. */
function classOf({ write }: Effect): string {
  return write?.event.key.split(/[:./]/, 1)[0] ?? '';
}

function classDrop(
  chain: DeliveryChain,
  device: string,
  imported: Import,
  publish: Publish,
  name: string,
  effects: readonly Effect[],
): FindingDraft {
  const effect = chain.mostVisible(effects) as Effect;
  const { snapshot } = imported.event;
  return {
    code: 'class-dropped',
    verdict: 'violated',
    ...aboutEffect(chain, effect, device),
    detail: name,
    at: imported,
    message: `${device} imported ${snapshot}, which claims ${count(effects.length, 'effect')} under ${name}, and has none of them`,
    story: [
      ...writingOf(effect),
      { event: publish.event, role: `publishes ${snapshot}, which claims ${effect.effect}` },
      { event: imported.event, role: `imports ${snapshot} without anything under ${name}`, first: true },
    ],
    touches: effects.flatMap(tokensTouched),
    explains: effects.map((each) => each.effect),
  };
}
