import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import schema from 'speedscope/dist/release/file-format-schema.json' with { type: 'json' };

export { schema };

/** A profile as speedscope has read it. */
export interface ImportedProfile {
  getName(): string;
  getTotalWeight(): number;
  getWeightUnit(): string;
  /** Walks through the calls as they are drawn. */
  forEachCall(
    open: (node: { readonly frame: ImportedFrame }, value: number) => void,
    close: (node: { readonly frame: ImportedFrame }, value: number) => void,
  ): void;
}

interface ImportedFrame {
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
}

type Import = (name: string, base64: string) => Promise<{ readonly profiles: readonly ImportedProfile[] } | null>;

const folder = join(dirname(createRequire(import.meta.url).resolve('speedscope/package.json')), 'dist/release');

let importer: Import | undefined;

/**
 * Reads a file with speedscope's own code, as its page does when a file is dropped on it. The page is a program for a
 * browser and exports nothing: it is run without one, and what it calls with a file is taken out of it.
 */
export async function importIntoSpeedscope(name: string, text: string): Promise<readonly ImportedProfile[]> {
  importer ??= takeOut();
  const group = await importer(name, Buffer.from(text).toString('base64'));
  if (!group) throw new Error(`speedscope does not know what ${name} is`);
  return group.profiles;
}

function takeOut(): Import {
  const page = readdirSync(folder).find((file) => /^speedscope-.*\.js$/.test(file));
  if (page === undefined) throw new Error('speedscope has no page');
  const code = readFileSync(join(folder, page), 'utf8');
  const called = /loadFileFromBase64:\((\w+),(\w+)\)=>\{this\.loadProfile\(\(\)=>([\w$]+)\(\1,\2\)\)/.exec(code)?.[3];
  if (called === undefined) throw new Error('the page of speedscope is not what it was: how does it load a file?');
  const taken: { load?: Import } = {};
  const silent = { log() {}, warn() {}, error() {} };
  const browser: Record<string, unknown> = {
    ...{
      taken,
      console: silent,
      setTimeout,
      clearTimeout,
      Promise,
      TextDecoder,
      TextEncoder,
      atob,
      btoa,
      URL,
      performance,
    },
    ...{ Uint8Array, ArrayBuffer, addEventListener() {}, location: { hash: '', protocol: 'file:', href: '' } },
    ...{
      matchMedia: () => ({ matches: false, addListener() {}, addEventListener() {} }),
      navigator: { userAgent: '' },
    },
    document: anything(),
  };
  browser.window = browser.self = browser;
  try {
    // It fails where it begins to draw: by then it can read.
    runInContext(code.replace('(()=>{', `(()=>{taken.load=(...given)=>${called}(...given);`), createContext(browser));
  } catch {}
  if (!taken.load) throw new Error('the page of speedscope did not start');
  return taken.load;
}

/** An object that has everything and does nothing. */
function anything(): object {
  return new Proxy(() => {}, {
    get: (_, key) => (key === Symbol.toPrimitive ? () => '' : anything()),
    apply: () => anything(),
    construct: () => anything(),
    set: () => true,
  });
}
