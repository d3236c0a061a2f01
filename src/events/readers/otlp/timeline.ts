import { byText, groupBy } from '../../../base/order.ts';
import { isRecord } from '../../field.ts';
import type { Collector } from '../../sources/collector.ts';
import { countOf, firstOf, readAttributes } from './attributes.ts';
import { type Moment, readSpan, type SpanReading } from './span.ts';
import { copyOf, Texts } from './texts.ts';

/** Who made the spans of a group. A document may say it behind them. */
export interface Resource {
  header: Readonly<Record<string, unknown>>;
}

/** A record of the contract with its place in the file. */
export interface Placed {
  readonly record: Readonly<Record<string, unknown>>;
  readonly at: number;
}

interface Held extends Moment {
  readonly resource: Resource;
  readonly traceId: string;
  readonly spanId: string;
  /** Its place among the events of its span. */
  readonly index: number;
  readonly at: number;
}

/** The span that a trace begins with. */
interface Root {
  readonly since: number;
  readonly spanId: string;
}

/**
 * The events of a file's spans, put in order. Spans are written when they end, so that an operation comes after its requests, and perhaps in the
 * last line: all events are held until the file is read. Each costs about 300 bytes; a span that says nothing costs nothing.
 */
export class Timeline {
  readonly #to: Collector;
  readonly #held: Held[] = [];
  readonly #roots = new Map<string, Root>();
  readonly #texts = new Texts();

  constructor(collector: Collector) {
    this.#to = collector;
  }

  /** How many events are held. */
  get size(): number {
    return this.#held.length;
  }

  /** Begins a group of spans of one resource. */
  resource(): Resource {
    return { header: this.#headerOf({}) };
  }

  /** What a resource says of itself. */
  describe(resource: Resource, value: unknown): void {
    resource.header = this.#headerOf(isRecord(value) ? readAttributes(value.attributes) : {});
  }

  /** Takes a span. One that says nothing is skipped; of one that cannot be read, the reason is kept. */
  span(span: unknown, resource: Resource, at: number, invalid: boolean): void {
    const reading = readSpan(span);
    if (typeof reading === 'string') {
      this.#to.problem(at, reading);
      return;
    }
    const { moments, problems } = reading;
    for (const reason of problems) this.#to.problem(at, reason);
    if (moments.length + problems.length === 0) this.#to.skip();
    else if (invalid && JSON.stringify(reading).includes('\ufffd')) this.#to.problem(at, 'the span is not valid UTF-8');
    else this.#hold(reading, resource, at);
  }

  /** Everything that was taken, device by device and each in the order of its clock; a span that was sent again counts once. */
  *inOrder(): Generator<Placed> {
    const devices = groupBy(this.#held, ({ record, resource }) => deviceOf({ ...resource.header, ...record }));
    for (const [, events] of [...devices].sort(([left], [right]) => byText(left, right))) {
      let before: Held | undefined;
      for (const held of events.sort(byTime)) {
        if (before && isRepeated(before, held)) this.#to.skip();
        else yield { record: this.#recordOf(held), at: held.at };
        before = held;
      }
    }
  }

  #hold({ traceId: trace, spanId: span, rootSince, moments }: SpanReading, resource: Resource, at: number): void {
    const traceId = this.#texts.once(trace);
    const spanId = copyOf(span);
    const root = rootSince === undefined ? undefined : { since: rootSince, spanId };
    const known = this.#roots.get(traceId);
    if (root && (!known || byStart(root, known) < 0)) this.#roots.set(traceId, root);
    for (const [index, { time, rank, record }] of moments.entries()) {
      this.#held.push({ time, rank, record: this.#texts.owned(record), resource, traceId, spanId, index, at });
    }
  }

  /** The operation of a trace is its root, by the trace's id; a second root is an operation inside of the first. */
  #recordOf({ record, time, rank, resource, traceId, spanId }: Held): Placed['record'] {
    const second = rank !== 1 && this.#roots.get(traceId)?.spanId !== spanId;
    const operation = second ? { opId: `${traceId}-${spanId}`, parentOpId: traceId } : { opId: traceId };
    return { ...resource.header, ...operation, ...record, time };
  }

  /** The device is who the resource says it is, then who the manifest says; the names that OpenTelemetry gives are a last resort. */
  #headerOf(attributes: Readonly<Record<string, unknown>>): Resource['header'] {
    const incarnation = firstOf(attributes, 'replay.incarnation');
    const header = {
      device:
        firstOf(attributes, 'replay.device') ??
        this.#to.device ??
        firstOf(attributes, 'service.instance.id', 'service.name'),
      identity: firstOf(attributes, 'replay.identity'),
      incarnation: countOf(incarnation) ?? incarnation,
      run: firstOf(attributes, 'replay.run'),
    };
    return Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined));
  }
}

function deviceOf({ device, incarnation }: Readonly<Record<string, unknown>>): string {
  return `${String(device)} ${String(incarnation ?? 1).padStart(16, '0')}`;
}

function byStart(left: Root, right: Root): number {
  return left.since - right.since || byText(left.spanId, right.spanId);
}

/** By time, and where that is the same by what spans are, never by where they stand: files of the same spans give the same events. */
function byTime(left: Held, right: Held): number {
  return (
    left.time - right.time ||
    left.rank - right.rank ||
    byText(left.traceId, right.traceId) ||
    byText(left.spanId, right.spanId) ||
    left.index - right.index ||
    left.at - right.at
  );
}

function isRepeated(before: Held, held: Held): boolean {
  return byTime({ ...before, at: held.at }, held) === 0;
}
