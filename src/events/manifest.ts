import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReplayError } from '../base/errors.ts';
import { isRecord } from './field.ts';

/** What `run.json` says of one device. `files` are paths or patterns relative to the run. */
export interface ManifestDevice {
  readonly identity?: string | undefined;
  readonly files: readonly string[];
}

/** What `run.json` says of a run. Every key is optional, and what an event line says itself wins. */
export interface Manifest {
  readonly run?: string | undefined;
  readonly label?: string | undefined;
  readonly commit?: string | undefined;
  readonly instrumented?: boolean | undefined;
  readonly devices: ReadonlyMap<string, ManifestDevice>;
}

const nothing: Manifest = { devices: new Map() };

/** Reads a run's manifest; a run without one says nothing. Throws a `ReplayError` where the file does not fit. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'run.json');
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new ReplayError(`${path}: cannot be read (${error.code})`, 'make it readable, or move it away', {
      cause: error,
    });
  });
  return content === undefined ? nothing : parseManifest(content, path);
}

/** Reads a manifest's text. `path` is named in errors. */
function parseManifest(content: string, path: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new ReplayError(`${path}: is no JSON: ${(error as Error).message}`, undefined, { cause: error });
  }
  const manifest = object(value, path, '');
  const devices = Object.entries(object(manifest.devices ?? {}, path, 'devices')).map(([device, entry]) => {
    const key = `devices.${device}`;
    const { identity, files } = object(entry, path, key);
    return [
      device,
      { identity: optionalText(identity, path, `${key}.identity`), files: texts(files, path, `${key}.files`) },
    ] as const;
  });
  const { instrumented } = manifest;
  if (instrumented !== undefined && typeof instrumented !== 'boolean')
    throw misfit(path, 'instrumented', 'true or false', instrumented);
  return {
    run: optionalText(manifest.run, path, 'run'),
    label: optionalText(manifest.label, path, 'label'),
    commit: optionalText(manifest.commit, path, 'commit'),
    instrumented,
    devices: new Map(devices),
  };
}

function object(value: unknown, path: string, key: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw misfit(path, key, 'an object', value);
}

function optionalText(value: unknown, path: string, key: string): string | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && value !== '')) return value ?? undefined;
  throw misfit(path, key, 'a text', value);
}

function texts(value: unknown, path: string, key: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw misfit(path, key, 'a list of paths', value);
}

function misfit(path: string, key: string, expected: string, seen: unknown): ReplayError {
  const where = key === '' ? path : `${path}: ${key}`;
  return new ReplayError(`${where}: expected ${expected}, got ${JSON.stringify(seen)}`);
}
