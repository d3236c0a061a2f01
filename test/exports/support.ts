import { type ExportOptions, type ExportSummary, exportRun } from '../../src/export.ts';
import { tell } from '../story/tell.ts';
import { type Files, inFolder } from '../story.ts';

/** An export as text, and what was told of it. */
export interface Exported {
  readonly text: string;
  readonly summary: ExportSummary;
}

/** What a story is in another tool's format. */
export async function exported(story: string, to: string): Promise<string> {
  return (await exportedFiles(tell(story), to)).text;
}

/** The export of files, in a folder that lives as long as it takes. */
export async function exportedFiles(files: Files, to: string, name = 'run-1'): Promise<Exported> {
  return inFolder(files, name, (folder) => exportedPaths({ paths: [folder], to }));
}

/** The export of a run that lies on the disk. */
export async function exportedPaths(options: Omit<ExportOptions, 'write'>): Promise<Exported> {
  let text = '';
  const summary = await exportRun({
    ...options,
    write: (piece) => {
      text += piece;
    },
  });
  return { text, summary };
}

/** A run with everything that an export can hold. */
export const everything = `
  : run=soak-7 clock=peer2:5000
  peer1  start
  peer1  section section=§A.1 title=setup
  peer1  begin pay opId=op-1
  peer1  begin publish-state opId=op-2 parentOpId=op-1 after=20
  peer1  write e1 key=token:T1 kind=mint outputs=T1:UCT:5 durationMs=4.25 bytes=812 opId=op-1 after=30
  peer1  verify e1 failed attempt=1 durationMs=12.5 gateway=gw-1 opId=op-2 after=20
  peer1  verify e1 attempt=2 durationMs=11 opId=op-2 after=15
  peer1  publish s1 frontier=peer1:1 durationMs=7 opId=op-2
  peer1  done publish-state opId=op-2 durationMs=80.5
  peer1  request pin durationMs=9 bytes=100 blocks=3 requestId=r-9 opId=op-1
  peer1  done pay failed opId=op-1 durationMs=130
  peer1  request fetch durationMs=3
  peer1  counters windowMs=100 counters={"ipfs.pin":{"count":3,"totalMs":12.75,"maxMs":8}}
  peer1  section section=§A.2 title="the end"
  peer1  assertion name=agree ok=false detail="5 is not 4"
  peer1  assertion name=fine ok=true
  peer1  end
  peer2  start
  peer2  begin wait opId=op-1
  peer2  request fetch failed durationMs=5 opId=op-1 after=50
`;
