import { json } from './json.ts';
import { ndjson } from './ndjson.ts';
import { quiet } from './quiet.ts';
import type { Reporter } from './reporter.ts';
import { text } from './text.ts';

/** The family of reporters; the first is the default. A new one is a file and a line here. */
export const reporters: readonly Reporter[] = [text, quiet, json, ndjson];
