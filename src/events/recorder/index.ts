export { RefusedEvent } from './encode-event.ts';
export type { EventMethods, RecordInput } from './event-methods.ts';
export { createRecorder, type Recorder, type RecorderOptions } from './recorder.ts';
export { createSink, type MappedEvent, type Sink, type SinkMapping } from './sink.ts';
