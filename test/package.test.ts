import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder, execute } from './built.ts';
import { fencedBlocks } from './fenced-blocks.ts';
import { root } from './source.ts';

const minutes = 60_000;

const library = `
  import { checkBalances, createRecorder } from 'ledger-replay';

  const record = createRecorder({ device: 'peer1', identity: 'bob', destination: 'own/peer1.ndjson', enabled: true });
  record.balance({ tokenId: 'T1', coin: 'UCT', delta: '1' });
  record.close({ quiescent: true });

  const [report, own] = await checkBalances({ paths: ['missed-spend', 'own'] });
  console.log(report.verdict, own.devices[0].balances[0].amount);
`;

const typedLibrary = `
  import { checkBalances, type Finding, type RunReport } from 'ledger-replay';

  const reports: readonly RunReport[] = await checkBalances({ paths: ['missed-spend'], coins: ['UCT'] });
  const codes: Finding['code'][] = reports.flatMap(({ findings }) => findings.map(({ code }) => code));
  if (codes.includes('self-filtered')) codes.pop();
  // @ts-expect-error: paths are a list
  await checkBalances({ paths: 'missed-spend' });
`;

const strictest = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
};

test('the packed tarball works in an empty folder', { timeout: 5 * minutes }, () => {
  const folder = emptyFolder();
  const run = (program: string, ...args: string[]) => execute(program, args, { cwd: folder });

  const packed = execute('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  expect(packed.code).toBe(0);
  const [{ filename, files }] = JSON.parse(packed.stdout);
  const paths: string[] = files.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']));
  const built = paths.filter((path) => path.startsWith('dist/'));
  expect(built.filter((path) => path.endsWith('.d.ts')).sort()).toEqual(declarationsBuilt());
  const code = built.filter((path) => !path.endsWith('.d.ts'));
  expect(code).toEqual(expect.arrayContaining(['dist/bin.js', 'dist/index.js', 'dist/segment-worker.js']));
  expect(code.filter((path) => !/^dist\/(?:bin|index|segment-worker|[\w-]+-[a-z0-9]{8})\.js$/.test(path))).toEqual([]);

  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const installed = run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`);
  expect(installed).toMatchObject({ code: 0 });

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(run('npx', 'replay', '--version')).toMatchObject({ code: 0, stdout: `${version}\n` });

  cpSync(join(root, 'logs-sample/missed-spend'), join(folder, 'missed-spend'), { recursive: true });
  const checked = run('npx', 'replay', 'check-balances', 'missed-spend');
  expect(checked.code).toBe(1);
  expect(checked.stdout).toContain('199.999999999989');

  writeFileSync(join(folder, 'library.mjs'), library);
  expect(run('node', 'library.mjs')).toMatchObject({ code: 0, stdout: 'violated 1\n' });

  const check = (name: string, text: string, types: readonly string[]) => {
    writeFileSync(join(folder, `${name}.ts`), text);
    const compilerOptions = { ...strictest, types, typeRoots: [join(root, 'node_modules/@types')] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
    return run('node', join(root, 'node_modules/typescript/bin/tsc'));
  };
  expect(check('library', typedLibrary, [])).toMatchObject({ code: 0, stdout: '' });
  for (const [index, text] of librariesShown().entries()) {
    expect(check(`readme-${index}`, text, ['node'])).toMatchObject({ code: 0, stdout: '' });
  }
});

/** The programs that the README shows. */
function librariesShown(): readonly string[] {
  const shown = fencedBlocks(readFileSync(join(root, 'README.md'), 'utf8'))
    .filter(({ language }) => language === 'ts')
    .map(({ text }) => text);
  expect(shown.length).toBeGreaterThan(0);
  return shown;
}

/** What the build makes: a declaration of each file of `src`, and the code in the door, the command and chunks of them. */
function declarationsBuilt(): readonly string[] {
  return (
    readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      // What AssemblyScript compiles is in the code already.
      .filter((path) => path.endsWith('.ts') && !path.includes('kernel/assembly/'))
      .map((path) => `dist/${path.replace(/\.ts$/, '.d.ts')}`)
      .sort()
  );
}

test('the lock file is whole, and names no host', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { resolved?: string; optionalDependencies?: Readonly<Record<string, string>> }>>;
  };
  const paths = Object.keys(packages);
  expect(paths.filter((path) => packages[path]?.resolved !== undefined)).toEqual([]);
  // A registry that serves one platform alone leaves the others out; then `npm ci` fails, or installs nothing there.
  const optional = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  expect(optional.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
});
