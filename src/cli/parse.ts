import yargs, { type Argv } from 'yargs';
import { ReplayError } from '../base/errors.ts';
import { tool } from '../version.ts';
import type { Command } from './command.ts';
import { choicesOf, completer, completionHelp } from './completion.ts';
import { parseOption } from './option.ts';
import { suggestion } from './suggest.ts';

/** What a command line asks for: a command to run, or a text to print (help, version, completion). */
export type Request =
  | { readonly print: string }
  | {
      readonly command: Command;
      readonly operands: readonly string[];
      readonly options: Readonly<Record<string, unknown>>;
    };

const overview = `Examples:
  # judge a run
  replay check-balances run-1/
  # what else a command can do, with examples
  replay check-balances --help

Exit codes: 0 held, 1 violated, 2 could not run, 3 not enough evidence.`;

const builtIn = ['help', 'h', 'version', 'get-yargs-completions', '_', '$0'];

/**
 * Understands a command line. yargs splits it into words and writes help and completion; what is wrong with the words is said here,
 * where the nearest right one is known.
 */
export async function parseCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
  columns: number,
): Promise<Request> {
  const completing = argv.includes('--get-yargs-completions');
  const [first, ...rest] = argv;
  if (first === 'help') return parseCommandLine([...rest, '--help'], commands, columns);
  const place = argv.findIndex((word) => commandNamed(word, commands));
  const named = commandNamed(argv[place] ?? '', commands);
  const ordered = named && !completing ? [named.name, ...argv.filter((_, index) => index !== place)] : argv;
  const choices = completing && named ? await choicesOf(named) : {};

  const plain = named && !completing ? await parseWords(createPlainParser(named), ordered) : undefined;
  // Whatever yargs prints it lays out anew for all commands, which takes as long as to check a small run.
  const prints = plain === undefined || plain.words.help === true || plain.words.version === true;
  const { output, words } = prints ? await parseWords(createParser(commands, choices, columns), ordered) : plain;
  if (isHelpOfCompletion(words)) return { print: completionHelp };
  if (output !== '') return { print: `${output.trimEnd()}\n` };
  if (completing) return { print: '' };
  if (named === undefined) throw unknownCommand(words._.map(String), commands);
  const options = await optionsOf(named, words);
  return { command: named, operands: operandsOf(named, words), options };
}

function commandNamed(word: string, commands: readonly Command[]): Command | undefined {
  return commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
}

/** yargs prints the script whatever else is asked. */
function isHelpOfCompletion({ _: [first], help }: Words): boolean {
  return first === 'completion' && help === true;
}

interface Words {
  readonly _: readonly (string | number)[];
  readonly [name: string]: unknown;
}

/** What all parsers have in common. */
function newParser(): Argv {
  return yargs()
    .scriptName('replay')
    .locale('en')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new ReplayError(message, 'replay --help');
    });
}

/** Splits the words of one command, and prints nothing. */
function createPlainParser(command: Command): Argv {
  const parser = newParser().help(false).version(false).boolean(['help', 'version']).alias('help', 'h');
  for (const [key, { spec }] of Object.entries(command.options)) parser.option(key, spec);
  return parser;
}

function createParser(
  commands: readonly Command[],
  choices: Readonly<Record<string, string[]>>,
  columns: number,
): Argv {
  const parser = newParser()
    .usage(
      'Replays the logs of local-first wallets, and says where devices part and why.\n\nUsage: replay <command> [options]',
    )
    .help('help', 'print help')
    .alias('help', 'h')
    .version(tool.version)
    .describe('version', 'print the version')
    .wrap(Math.min(columns, 100))
    .epilogue(overview);
  for (const command of commands) {
    parser.command(
      [command.name, ...(command.aliases ?? [])],
      command.summary,
      (inner) => describeCommand(inner, command, choices),
      () => {},
    );
  }
  return parser.completion('completion', 'print a script that completes commands and flags', completer(commands));
}

function describeCommand(parser: Argv, command: Command, choices: Readonly<Record<string, string[]>>): Argv {
  const { name, description, operands, examples } = command;
  parser.usage(
    `Usage: replay ${name} ${operands.placeholder} [options]\n\n${description}\n\n${operands.placeholder}  ${operands.describe}`,
  );
  for (const [key, { spec }] of Object.entries(command.options)) {
    parser.option(key, { ...spec, ...(choices[key] && { choices: choices[key] }) });
  }
  const shown = examples.map(([line, meaning]) => `  # ${meaning}\n  ${line}`);
  return parser.epilogue(['Examples:', ...shown].join('\n'));
}

async function parseWords(parser: Argv, argv: readonly string[]): Promise<{ output: string; words: Words }> {
  let output = '';
  let words: Words = { _: [] };
  await parser.parse([...argv], {}, (error, parsed, printed) => {
    if (error) throw error;
    output = printed;
    words = parsed as Words;
  });
  return { output, words };
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): ReplayError {
  const names = [...commands.map(({ name }) => name), 'completion'];
  const [first] = words;
  if (first === undefined)
    return new ReplayError('which command?', `commands: ${names.join(' ')}; replay --help says more`);
  return new ReplayError(`${first}: no such command`, suggestion(first, names, 'commands'));
}

function operandsOf(
  { name, operands: { placeholder, describe, least, most, choices } }: Command,
  words: Words,
): string[] {
  const given = words._.slice(1).map(String);
  if (given.length < least)
    throw new ReplayError(`${name}: ${placeholder} is missing`, `${describe}; replay ${name} --help says more`);
  if (given.length > most) throw new ReplayError(`${name}: one ${placeholder} at a time, got ${given.join(' ')}`);
  for (const value of given) {
    if (choices?.includes(value) === false)
      throw new ReplayError(`${name}: no such choice: ${value}`, suggestion(value, choices, 'choices'));
  }
  return given;
}

async function optionsOf({ name, options }: Command, words: Words): Promise<Record<string, unknown>> {
  const aliases = Object.values(options).flatMap(({ spec }) => [spec.alias ?? []].flat());
  const known = [...Object.keys(options), ...aliases, ...builtIn];
  const unknown = Object.keys(words).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const typed = `${unknown.length === 1 ? '-' : '--'}${unknown}`;
    const flags = [...Object.keys(options), 'help'].map((key) => `--${key}`);
    throw new ReplayError(`${name}: no such flag: ${typed}`, suggestion(typed, flags, 'flags'));
  }
  const parsed: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) parsed[key] = await parseOption(option, key, words);
  return parsed;
}
