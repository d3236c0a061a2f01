import type { Files } from '../story.ts';
import { Cast, type Player } from './cast.ts';
import { type Happening, readLine, type Sentence } from './sentence.ts';
import { type Told, verbs } from './verbs.ts';

/**
 * Turns a story into the logs of a run: a line per event, in the order in which things happened.
 *
 *     peer1  write e1 outputs=T1:UCT:100 booked      and its balance lines follow
 *     peer2  applied e1                              origin and originSeq are those of the write
 *     - peer2  balance T1 UCT 100 effect=e1          happened, and is missing from the log
 *     ~ peer2  end quiescent                         its line is torn (|: whole, without a newline)
 *     alice-phone@alice  write a1 …                  an identity other than bob
 *     : run=r1 clock=peer2:-5000 copy=peer1.ndjson:backup.ndjson
 *
 * Any line may say `seq=`, `incarnation=`, `opId=`, `run=`, `time=`, `file=` and `after=` (milliseconds since the line
 * before); `seq` and `incarnation` then go on from there. A verb that is none of ours is written as a line of that type.
 */
export function tell(story: string): Files {
  const teller = new Teller();
  for (const line of story.split('\n')) {
    const sentence = readLine(line);
    if (sentence) teller.say(sentence);
  }
  return teller.files();
}

const epoch = 1_748_642_400_000;
const usualPauseMs = 10;
const keptApart = ['seq', 'incarnation', 'opId', 'run', 'time', 'file', 'after', 'msg', 'identity'];

class Teller {
  private readonly cast = new Cast();
  private readonly lines = new Map<string, string[]>();
  private readonly clocks = new Map<string, number>();
  private readonly copies: [string, string][] = [];
  private run: string | undefined;
  private manifest: string | undefined;
  private now = epoch;

  say(sentence: Sentence): void {
    if (sentence.kind === 'setting') this.set(sentence.options);
    else if (sentence.verb === 'raw') this.file(`${sentence.device}.ndjson`).push(`${sentence.rest}\n`);
    else this.happen(sentence);
  }

  private happen(sentence: Happening): void {
    const { device, verb, options, fate } = sentence;
    const player = this.cast.player(device, sentence.identity);
    const described = verbs[verb]?.(sentence, player, this.cast) ?? generic(sentence);
    this.now += Number(options.get('after') ?? usualPauseMs);
    if (verb === 'start') player.start();
    this.write(player, described, options, fate);
    const inherited = new Map([...options].filter(([key]) => ['opId', 'run', 'file'].includes(key)));
    for (const consequence of described.consequences?.() ?? []) this.write(player, consequence, inherited, fate);
  }

  files(): Files {
    const files = new Map([...this.lines].map(([path, lines]) => [path, lines.join('')]));
    for (const [from, to] of this.copies) files.set(to, files.get(from) ?? '');
    if (this.manifest !== undefined) files.set('run.json', this.manifest);
    return Object.fromEntries(files);
  }

  private set(options: ReadonlyMap<string, string>): void {
    for (const [key, value] of options) {
      const [name = '', rest = ''] = value.split(':');
      if (key === 'run') this.run = value;
      else if (key === 'clock') this.clocks.set(name, Number(rest));
      else if (key === 'copy') this.copies.push([name, rest]);
      else if (key === 'epoch') this.now = Date.parse(value);
      else if (key === 'ids') this.cast.hex = value === 'hex';
      else if (key === 'manifest') this.manifest = `${value}\n`;
      else throw new Error(`story: no setting ${key}`);
    }
  }

  private write(
    player: Player,
    { type, fields }: Told,
    options: ReadonlyMap<string, string>,
    fate: Happening['fate'],
  ): void {
    const said = (key: string) => options.get(key);
    if (said('incarnation') !== undefined) player.startAs(Number(said('incarnation')));
    player.seq = said('seq') === undefined ? player.seq + 1 : Number(said('seq'));
    if (fate === 'lost') return;
    const run = said('run') ?? this.run;
    const record = {
      level: 30,
      time: said('time') === undefined ? this.now + (this.clocks.get(player.device) ?? 0) : Number(said('time')),
      pid: player.pid,
      hostname: `${player.device}.local`,
      v: 1,
      type,
      device: player.device,
      identity: said('identity') ?? player.identity,
      incarnation: player.incarnation,
      seq: player.seq,
      ...(run !== undefined && { run }),
      ...(said('opId') !== undefined && { opId: said('opId') }),
      ...fields,
      msg: said('msg') ?? type,
    };
    const text = JSON.stringify(record);
    const written = fate === 'torn' ? text.slice(0, text.length / 2) : fate === 'unended' ? text : `${text}\n`;
    this.file(said('file') ?? `${player.device}.ndjson`).push(written);
  }

  private file(path: string): string[] {
    const lines = this.lines.get(path) ?? [];
    this.lines.set(path, lines);
    return lines;
  }
}

/** A type that the language does not know: its fields are written as they are said, numbers as numbers. */
function generic({ verb, options }: Happening): Told {
  const own = [...options].filter(([key]) => !keptApart.includes(key));
  const isJson = (value: string) => /^(-?\d+(\.\d+)?|true|false|[[{].*)$/.test(value);
  const fields = own.map(([key, value]) => [key, isJson(value) ? JSON.parse(value) : value]);
  return { type: verb, fields: Object.fromEntries(fields) };
}
