import type { Files } from '../story.ts';

/** The logs of a run as they were at a share of the time that they span, each of them so many lines further. */
export function upTo(files: Files, share: number, further: (path: string) => number = () => 0): Files {
  const linesOf = (content: string) => content.split(/(?<=\n)/);
  const timeOf = (line: string) => Number(/"time":(\d+)/.exec(line)?.[1] ?? 0);
  const logs = Object.entries(files).filter(([path]) => path !== 'run.json');
  const times = logs.flatMap(([, content]) => linesOf(content).map(timeOf)).filter((time) => time > 0);
  const least = times.reduce((one, other) => Math.min(one, other));
  const most = times.reduce((one, other) => Math.max(one, other));
  const end = least + share * (most - least);
  const cut = logs.map(([path, content]): [string, string] => {
    const lines = linesOf(content);
    const count = lines.filter((line) => timeOf(line) <= end).length + further(path);
    return [path, lines.slice(0, Math.max(1, count)).join('')];
  });
  return { ...files, ...Object.fromEntries(cut) };
}
