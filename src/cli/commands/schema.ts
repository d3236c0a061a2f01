import { printJson } from '../../report/json.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

/** The shape of what is printed for programs. */
export const schema = defineCommand({
  name: 'schema',
  summary: 'print the JSON Schema of a report',
  description: `Prints the JSON Schema (2020-12) of what replay check-balances --json prints
(report), or replay top --json (top).`,
  examples: [['replay schema report > report.schema.json', 'to validate reports, or to make types of it']],
  operands: { placeholder: '<name>', describe: 'which schema', least: 1, most: 1, choices: ['report', 'top'] },
  options: {},
  async run([name], _options, io) {
    const { reportSchema } = await import('../../report/schema.ts');
    const { topSchema } = await import('../../report/schema-top.ts');
    await io.stdout.write(printJson(name === 'top' ? topSchema : reportSchema));
    return exitCodes.held;
  },
});
