import type { LogFile, LogLine } from '../model.ts';

/** Takes lines out of the files; a file that has none left is gone. */
export function removeLines(files: LogFile[], isGone: (line: LogLine) => boolean): void {
  for (const file of files) file.lines = file.lines.filter((line) => !isGone(line));
  files.splice(0, files.length, ...files.filter(({ lines, torn }) => lines.length > 0 || torn !== undefined));
}
