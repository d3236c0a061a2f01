import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '..', '..');

/** Whether the tests noticed a change. */
export type Outcome = 'killed' | 'survived' | 'timeout';

/** Tests that hold laws over many simulated runs or all completions of small ones: they cut across all invariants, and take long. */
export const laws = 'test/invariants/{laws,rewritten,forgetting,chunks,brute-force}.test.ts';

/** Which tests to ask, as globs. */
export interface Asked {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  /** Whether they take minutes. */
  readonly slow?: boolean;
}

/** Every story of the invariants, and the samples with their golden answers. */
export const stories: Asked = { include: ['test/invariants/*.test.ts', 'test/samples.test.ts'], exclude: [laws] };

const copied = ['src', 'test', 'logs-sample', 'package.json', 'tsconfig.json'];
const timeoutMs = 60_000;
const slowTimeoutMs = 600_000;

/** One process, one thread, modules loaded once; the simulated runs among the stories take too long to be asked of each mutant. */
function configOf({ include, exclude = [], slow = false }: Asked): string {
  return `
export default {
  test: {
    include: ${JSON.stringify(include)},
    exclude: ${JSON.stringify(exclude)},
    ${slow ? '' : 'testNamePattern: /^(?!a clean run is not violated)/,'}
    testTimeout: ${slow ? slowTimeoutMs : 10_000},
    pool: 'threads', isolate: false, maxWorkers: 1, bail: 1,
  },
};
`;
}

/** A copy of the project in which sources are changed and tests run. */
export class Workbench {
  private readonly copy: string;

  private constructor(copy: string) {
    this.copy = copy;
  }

  /** Makes the copy, lets it be used, and takes it away. Throws where the stories fail without a change. */
  static async use<Result>(work: (bench: Workbench) => Promise<Result>): Promise<Result> {
    const copy = await mkdtemp(join(tmpdir(), 'replay-mutants-'));
    try {
      for (const path of copied) await cp(join(root, path), join(copy, path), { recursive: true });
      await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
      const bench = new Workbench(copy);
      if ((await bench.ask(stories)) !== 'survived') throw new Error('mutants: the stories fail without a mutant');
      return await work(bench);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  }

  /** Whether the tests notice that a file has another content; it has its own again afterwards. */
  async outcome({ file, content }: { file: string; content: string }, asked: Asked = stories): Promise<Outcome> {
    const path = join(this.copy, file);
    const original = await readFile(path, 'utf8');
    await writeFile(path, content);
    try {
      return await this.ask(asked);
    } finally {
      await writeFile(path, original);
    }
  }

  private async ask(asked: Asked): Promise<Outcome> {
    await writeFile(join(this.copy, 'vitest.config.ts'), configOf(asked));
    return new Promise((resolve) => {
      const vitest = join(root, 'node_modules/vitest/vitest.mjs');
      const child = spawn(process.execPath, [vitest, 'run', '--reporter=dot'], { cwd: this.copy, stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGKILL'), asked.slow ? slowTimeoutMs : timeoutMs);
      child.on('exit', (code) => {
        clearTimeout(timer);
        resolve(code === null ? 'timeout' : code === 0 ? 'survived' : 'killed');
      });
    });
  }
}
