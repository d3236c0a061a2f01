import { createRequire } from 'node:module';
import type { ToolVersion } from './results.ts';

const manifest = createRequire(import.meta.url)('../package.json') as { version: string };

/** The name and version that reports carry. */
export const tool: ToolVersion = { name: 'ledger-replay', version: manifest.version };
