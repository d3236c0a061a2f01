import type { LogReader } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { readLines } from '../sources/lines.ts';
import { balancesOn } from './soak-script/balances.ts';
import { type Sides, sideFromHeader, sidesFromName } from './soak-script/sides.ts';

const rule = /^={8,}$/;
const clock = /^\[(\d{4}-\d\d-\d\dT[^\]]+)\]/;
const elapsed = /^\[[^\]]+\] \+\d+(?:\.\d+)?m?s\b/;
const verdict = /^ASSERT (OK|FAIL) \(([^)]+)\):?[ \t]*(.*)$/;
const diffLine = /^(?:[-+ @\\]|diff |index )/;

/**
 * What a soak script printed. A banner (`====`, a line with the time, a title, `====`) is a `section`; `ASSERT OK (name)` and `ASSERT FAIL (name)` with
 * the diff behind it are an `assertion`; a balance listed in that diff is a `balance.read` of the device of its side. The script is an
 * observer: what it says stands in a stream of its own, under the name of the file. Other lines are skipped unless a mapping names them.
 */
export const soakScript: LogReader = {
  name: 'soak-script',
  recognises: ({ text }) => /^={8,}\r?\n\[[^\]\n]+\] \+\d/m.test(text) || /^ASSERT (?:OK|FAIL) \(/m.test(text),
  async *read(source, context) {
    const collector = new Collector(source, context, 'line', 'observer');
    const script = new Script(collector);
    for await (const { first, lines, unterminated, problem } of readLines(source)) {
      for (const [index, line] of lines.entries()) {
        script.push(line, first + index, unterminated && index === lines.length - 1);
        if (collector.full) yield collector.take();
      }
      if (problem) collector.problem(problem.line, problem.reason, problem.kind);
      yield collector.take();
    }
    script.end();
    yield collector.take();
  },
};

/** An assertion whose diff is still being read. */
interface OpenAssertion {
  readonly line: number;
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string[];
  readonly diff: { readonly line: number; readonly text: string }[];
}

/** A banner goes on for at most this many lines; more is a ruler that somebody drew. */
const longestBanner = 6;

class Script {
  readonly #to: Collector;
  #banner: { readonly line: number; readonly text: string }[] | undefined;
  #assertion: OpenAssertion | undefined;
  /** The newest time that the script printed: its assertions have none. */
  #time: number | null = null;

  constructor(collector: Collector) {
    this.#to = collector;
  }

  push(text: string, line: number, unterminated: boolean): void {
    if (this.#assertion && diffLine.test(text) && !elapsed.test(text)) {
      this.#assertion.diff.push({ line, text });
      return;
    }
    this.#endAssertion();
    const printed = clock.exec(text)?.[1];
    if (printed !== undefined && !Number.isNaN(Date.parse(printed))) this.#time = Date.parse(printed);
    if (rule.test(text)) this.#ruler(text, line);
    else if (this.#banner && this.#banner.length < longestBanner && !verdict.test(text))
      this.#banner.push({ line, text });
    else this.#plain(text, line, unterminated);
  }

  end(): void {
    this.#endAssertion();
    this.#dropBanner();
  }

  #ruler(text: string, line: number): void {
    const banner = this.#banner;
    if (banner?.some((part) => elapsed.test(part.text))) {
      const title = banner.find((part, index) => index > 0 && !elapsed.test(part.text) && part.text.trim() !== '');
      this.#banner = undefined;
      if (title) {
        this.#section(title.text.trim(), title.line);
        return;
      }
    }
    this.#dropBanner();
    this.#banner = [{ line, text }];
  }

  #section(heading: string, line: number): void {
    const match = /^(§\S+)\s+(.+)$/.exec(heading);
    const [section, title] = match ? [match[1], match[2]] : [heading, heading];
    this.#to.place({ type: 'section', time: this.#time, section, title }, line);
  }

  #plain(text: string, line: number, unterminated: boolean): void {
    this.#dropBanner();
    const match = verdict.exec(text);
    if (match) {
      const [, word, name, rest] = match;
      this.#assertion = { line, name: name as string, ok: word === 'OK', detail: rest ? [rest] : [], diff: [] };
    } else if (unterminated && /^ASSERT\b/.test(text)) {
      this.#to.problem(line, 'the last line is cut off', 'torn');
    } else this.#other(text, line);
  }

  #endAssertion(): void {
    const assertion = this.#assertion;
    if (!assertion) return;
    this.#assertion = undefined;
    const { line, name, ok, detail, diff } = assertion;
    const text = [...detail, ...diff.map((part) => part.text)].join('\n');
    this.#to.place({ type: 'assertion', time: this.#time, name, ok, detail: text === '' ? undefined : text }, line);
    const sides = sidesOf(assertion);
    if (sides) for (const part of diff) this.#readings(part.text, part.line, sides);
  }

  /** A line that was taken away is what the left side shows, one that was added the right side, and one that stayed both. */
  #readings(text: string, line: number, { left, right }: Sides): void {
    if (/^(?:---|\+\+\+) /.test(text)) return;
    const devices = text.startsWith('-')
      ? [left]
      : text.startsWith('+')
        ? [right]
        : text.startsWith(' ')
          ? [left, right]
          : [];
    for (const device of devices) {
      for (const balance of balancesOn(text.slice(1), this.#to.mapping?.amountShift ?? 0)) {
        this.#to.place({ type: 'balance.read', time: this.#time, device, ...balance }, line);
      }
    }
  }

  /** Lines that looked like a banner and were none. */
  #dropBanner(): void {
    for (const { line, text } of this.#banner ?? []) this.#other(text, line);
    this.#banner = undefined;
  }

  #other(text: string, line: number): void {
    this.#to.map({ line: text, record: { time: this.#time } }, line, () => this.#to.skip());
  }
}

function sidesOf({ name, diff }: OpenAssertion): Sides | undefined {
  const left = diff.find(({ text }) => text.startsWith('--- '));
  const right = diff.find(({ text }) => text.startsWith('+++ '));
  if (left && right) return { left: sideFromHeader(left.text), right: sideFromHeader(right.text) };
  return sidesFromName(name);
}
