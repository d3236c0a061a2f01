import root from 'otlp-protobuf/build/src/generated/root.js';

/** What is in the definitions, of which their types say nothing. */
interface Definitions {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: { readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: MessageType } } };
    };
  };
}

interface MessageType {
  fromObject(json: unknown): object;
  verify(message: object): string | null;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: { readonly longs: typeof String; readonly bytes: typeof String }): unknown;
}

/** The message of OpenTelemetry's own definitions that a line of traces is. */
const request = (root as unknown as Definitions).opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;

/**
 * A line of OTLP/JSON as it is, and as OpenTelemetry's messages have it after it was written and read as one: what they do not
 * know is lost on the way. Ids are in base64 in both. Throws where a field is of another type.
 */
export function throughOpenTelemetry(line: string): { readonly given: unknown; readonly back: unknown } {
  const given = JSON.parse(line, (key, value) =>
    /^(?:traceId|spanId|parentSpanId)$/.test(key) ? Buffer.from(value, 'hex').toString('base64') : value,
  );
  const message = request.fromObject(given);
  const fault = request.verify(message);
  if (fault !== null) throw new Error(fault);
  const back = request.decode(request.encode(message).finish());
  return { given, back: request.toObject(back, { longs: String, bytes: String }) };
}
