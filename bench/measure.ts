import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Loaded into a measured Node: says at its exit how much memory it had at most, in KiB, and what processor time it took, in µs, all
 * threads together. Where the kernel tells it, the memory of this program alone: `maxRSS` begins with what the process had before.
 */
const probe = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync, writeSync } from 'node:fs';
  process.on('exit', () => {
    let peak = process.resourceUsage().maxRSS;
    try { peak = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]; } catch {}
    const { user, system } = process.cpuUsage();
    writeSync(3, peak + ' ' + (user + system));
  });
`)}`;

/** Without the variables that name a folder for caches: an answer that is remembered from the round before is no answer. */
const { HOME, XDG_CACHE_HOME, LOCALAPPDATA, ...others } = process.env;
const bare = { ...others, NODE_OPTIONS: '', LC_ALL: 'C' };

/** What one run of a program took, and what it printed. */
export interface Measured {
  readonly seconds: number;
  /** Of processor time, all threads together: what others do on the machine moves it less. `null` for what is not Node. */
  readonly cpuSeconds: number | null;
  /** `null` where nobody tells: a program that is not Node, outside Linux. */
  readonly peakMb: number | null;
  readonly printed: string;
}

/** Runs a program as a user would, in a process of its own. A Node program is named by `process.execPath`; `cache`: its folder for answers. */
export async function measure(program: string, args: readonly string[], cache?: string): Promise<Measured> {
  const isNode = program === process.execPath;
  const begin = performance.now();
  const child = spawn(program, isNode ? ['--import', probe, ...args] : args, {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: cache === undefined ? bare : { ...bare, XDG_CACHE_HOME: cache },
  });
  const peaks = new Map<number, number>();
  const watch = isNode ? undefined : setInterval(() => notePeaks(child.pid, peaks), 10);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [, printed, , told] = await Promise.all(
    child.stdio.map((stream) => stream && text(stream as NodeJS.ReadableStream)),
  );
  const code = await ended;
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(watch);
  // 1 and 3 are answers of ours: something is violated, something is not checked.
  if (code === null || ![0, 1, 3].includes(code) || !printed) {
    throw new Error(`${[program, ...args].map((word) => basename(word)).join(' ')} ended with ${code}`);
  }
  const seen = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  const [kib = 0, microseconds] = told ? told.split(' ').map(Number) : [seen];
  const cpuSeconds = microseconds === undefined ? null : microseconds / 1e6;
  return { seconds, cpuSeconds, peakMb: kib > 0 ? (kib * 1024) / 1e6 : null, printed };
}

/** How many bytes a size such as `200m` is. */
export function bytesIn(size: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)b?$/i.exec(size) ?? [];
  if (number === undefined) throw new Error(`${size}: a size is a number and k, m or g, such as 200m`);
  return Number(number) * { '': 1, k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase() as '' | 'k' | 'm' | 'g'];
}

/** How many bytes the files of a folder have. */
export function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

/** Notes the highest memory so far of a process and of all that it started, as Linux tells it. */
function notePeaks(pid: number | undefined, peaks: Map<number, number>): void {
  try {
    const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (peak !== undefined) peaks.set(Number(pid), Number(peak));
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    if (children) for (const child of children.split(' ')) notePeaks(Number(child), peaks);
  } catch {
    // It has ended, or this is no Linux.
  }
}
