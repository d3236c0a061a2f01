import { columnsFromEvents } from '../events/columns/from-events.ts';
import type { ColumnEngine } from './engine.ts';

/** Reads one file after the other, here. */
export const inProcess: ColumnEngine = {
  read({ mapping }, { reader, source, defaults }, plan) {
    const context = { defaults, mapping };
    return (
      reader.columns?.(source.path, context, plan).read(source) ?? columnsFromEvents(reader.read(source, context), plan)
    );
  },
  close: async () => {},
};
