import type { Command } from '../command.ts';
import { checkBalances } from './check-balances.ts';
import { explain } from './explain.ts';
import { export as exportCommand } from './export.ts';
import { inspect } from './inspect.ts';
import { roundTrips } from './round-trips.ts';
import { schema } from './schema.ts';
import { show } from './show.ts';
import { top } from './top.ts';

/** The family of commands, in the order of the help. A new one is a file and a line here. */
export const commands: readonly Command[] = [
  checkBalances,
  roundTrips,
  explain,
  inspect,
  show,
  top,
  exportCommand,
  schema,
];
