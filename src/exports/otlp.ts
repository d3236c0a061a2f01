import { createHash } from 'node:crypto';
import type { Span } from './entry.ts';
import type { ExportedRun, ExportedTrack, Exporter } from './exporter.ts';

/** How many spans stand in a line: a collector takes lines of up to 1 MiB. */
const perLine = 256;

type Value =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number };
type Attribute = { readonly key: string; readonly value: Value };

/** The kinds of spans of OpenTelemetry that there are here. */
const [internal, client] = [1, 3];
const kindByType = { op: internal, verify: client, request: client, write: internal, publish: internal } as const;
/** The status of a span that failed. */
const failed = 2;

/**
 * Traces as OpenTelemetry's file exporter writes them: JSON lines, each a request with spans of one device. An operation
 * is a span, its round trips are CLIENT spans inside of it; the outermost operation is a trace. Such a file may hold
 * traces alone: counters, sections and assertions are left out.
 */
export const otlp: Exporter = {
  name: 'otlp',
  description: 'OpenTelemetry traces, for Jaeger or a collector',
  draws: false,
  async *write(run) {
    for (const track of run.tracks) {
      let incarnation = 0;
      let spans: object[] = [];
      const take = () => {
        const text = spans.length === 0 ? '' : `${JSON.stringify(request(run, track, incarnation, spans))}\n`;
        spans = [];
        return text;
      };
      for await (const entries of track.entries()) {
        for (const entry of entries) {
          if (entry.kind !== 'span' || entry.type === 'section') continue;
          if (entry.incarnation !== incarnation || spans.length === perLine) yield take();
          incarnation = entry.incarnation;
          spans.push(spanOf(run, track, entry, entry.type));
        }
      }
      yield take();
    }
  },
};

function request(
  run: ExportedRun,
  { device, identity, stream }: ExportedTrack,
  incarnation: number,
  spans: object[],
): object {
  const [name, version] = run.tool.split(' ');
  const attributes = attributesOf({
    ...{ 'service.name': device, 'service.namespace': run.name, 'replay.device': device, 'replay.run': run.name },
    ...{ 'replay.identity': identity || undefined, 'replay.incarnation': incarnation, 'replay.stream': stream },
  });
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name, version }, spans }] }] };
}

function spanOf(run: ExportedRun, track: ExportedTrack, span: Span, type: keyof typeof kindByType): object {
  const { name, parent, start, end, ok, opId, parentOpId, attempt, bytes, blocks, unfinished, timed, about } = span;
  return {
    traceId: traceOf(run, track, span),
    spanId: idOf([run.name, track.device, track.stream ?? null, span.incarnation, span.seq], 8),
    ...(parent && {
      parentSpanId: idOf([run.name, track.device, track.stream ?? null, parent.incarnation, parent.seq], 8),
    }),
    ...{ name, kind: kindByType[type], startTimeUnixNano: String(start), endTimeUnixNano: String(end) },
    attributes: attributesOf({
      ...{ 'replay.type': type, 'replay.kind': kindByType[type] === client ? name : undefined },
      ...{ 'replay.opId': opId, 'replay.parentOpId': parentOpId, 'replay.attempt': attempt },
      // The conventions of OpenTelemetry count what was sent again, and say nothing of the first time.
      'http.request.resend_count': attempt === undefined || attempt === 1 ? undefined : attempt - 1,
      ...{ 'replay.bytes': bytes, 'replay.blocks': blocks },
      ...Object.fromEntries(Object.entries(about).map(([key, value]) => [`replay.${key}`, value])),
      ...{ 'replay.unfinished': unfinished || undefined, 'replay.timed': timed ? undefined : false },
      ...{ 'replay.seq': span.seq, 'replay.file': span.file.path, 'replay.line': span.line },
    }),
    ...(ok === false && { status: { code: failed } }),
  };
}

/** The trace of the outermost operation; of an operation that the log does not have, too, so that what names it stays together. */
function traceOf({ name }: ExportedRun, { device, stream }: ExportedTrack, span: Span): string {
  const { type, parent, opId, incarnation, seq } = span;
  const root = parent?.root;
  if (root) return idOf([name, device, root.incarnation, root.opId], 16);
  const own = type === 'op' || opId !== undefined;
  return idOf(own ? [name, device, incarnation, opId] : [name, device, stream ?? null, incarnation, seq, 'alone'], 16);
}

/** An id that is the same whenever it is made of the same parts. */
function idOf(parts: readonly unknown[], bytes: number): string {
  return createHash('sha256')
    .update(JSON.stringify(parts))
    .digest('hex')
    .slice(0, 2 * bytes);
}

function attributesOf(values: Readonly<Record<string, string | number | boolean | undefined>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: typed(value) }]));
}

function typed(value: string | number | boolean): Value {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
