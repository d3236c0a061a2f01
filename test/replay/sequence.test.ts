import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoggedEvent, SourceFile } from '../../src/events/event.ts';
import {
  Disorder,
  type Sequence,
  type SequenceOutput,
  sortedSequence,
  streamingSequence,
} from '../../src/replay/sequence.ts';

const streaming = (output: SequenceOutput) => streamingSequence('peer1', output);

const kinds: [string, (output: SequenceOutput) => Sequence][] = [
  ['as it streams', streaming],
  ['sorted in memory', sortedSequence],
];

describe.each(kinds)('a sequence %s', (_, begin) => {
  test('comes as it was logged', () => {
    expect(order(begin, '1.1 1.2 1.3')).toEqual(['1.1', '1.2', '1.3']);
  });

  test('puts swapped lines right', () => {
    expect(order(begin, '1.2 1.1 1.4 1.3')).toEqual(['1.1', '1.2', '1.3', '1.4']);
  });

  test('waits for a late line', () => {
    expect(order(begin, '1.1 1.3 1.4 1.5 1.2')).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5']);
  });

  test('begins again with each start of the device', () => {
    expect(order(begin, '1.1 1.2 2.1 2.2')).toEqual(['1.1', '1.2', '2.1', '2.2']);
  });

  test('shows a hole where it is', () => {
    expect(order(begin, '1.1 1.4')).toEqual(['1.1', 'gap 1.2-3', '1.4']);
  });

  test('shows that a log begins later', () => {
    expect(order(begin, '1.3 1.4')).toEqual(['gap 1.1-2', '1.3', '1.4']);
  });

  test('shows that an incarnation begins later', () => {
    expect(order(begin, '1.1 2.2')).toEqual(['1.1', 'gap 2.1-1', '2.2']);
  });

  test('shows that a whole incarnation is missing', () => {
    expect(order(begin, '1.1 3.1')).toEqual(['1.1', 'gap 2.1-?', '3.1']);
  });
});

describe('whatever the order of lines', () => {
  const places = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 30 })), {
    selector: String,
    maxLength: 60,
  });
  const text = (some: readonly (readonly [number, number])[]) => some.map((place) => place.join('.')).join(' ');
  const inOrder = (some: readonly [number, number][]) => some.toSorted(([a, b], [c, d]) => a - c || b - d);

  test('a sorted sequence is the same', () => {
    fc.assert(
      fc.property(places, (some) => {
        expect(order(sortedSequence, text(some))).toEqual(order(sortedSequence, text(inOrder(some))));
      }),
    );
  });

  test('a streaming one is that, or says that it cannot be', () => {
    fc.assert(
      fc.property(places, (some) => {
        try {
          expect(order(streaming, text(some))).toEqual(order(sortedSequence, text(some)));
        } catch (error) {
          if (!(error instanceof Disorder)) throw error;
        }
      }),
    );
  });

  test('incarnations come one after the other', () => {
    expect(order(sortedSequence, '2.1 1.1 1.2 2.2')).toEqual(['1.1', '1.2', '2.1', '2.2']);
  });

  test('a streaming one tells of the same repetitions, or says that it cannot', () => {
    const withRepeats = fc
      .tuple(places, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('', '!'))))
      .map(([some, repeats]) => {
        const logged = inOrder(some).map((place) => place.join('.'));
        for (const [which, where, mark] of logged.length > 0 ? repeats : []) {
          logged.splice(where % (logged.length + 1), 0, `${logged[which % logged.length]}${mark}`.replace('!!', '!'));
        }
        return logged.join(' ');
      });
    fc.assert(
      fc.property(withRepeats, (logged) => {
        try {
          expect(order(streaming, logged).sort()).toEqual(order(sortedSequence, logged).sort());
        } catch (error) {
          if (!(error instanceof Disorder)) throw error;
        }
      }),
    );
  });
});

describe('a line that comes twice', () => {
  test('shortly after is a duplicate while streaming, too', () => {
    expect(order(streaming, '1.1 1.2 1.1 1.2 1.3')).toEqual(['1.1', '1.2', 'twice 1.1', 'twice 1.2', '1.3']);
    expect(order(streaming, '1.1 1.3 1.3 1.2')).toEqual(['1.1', '1.2', '1.3', 'twice 1.3']);
  });

  test('much later, with other content, or in another file cannot be judged while streaming', () => {
    const places = (count: number) => Array.from({ length: count }, (_, index) => `1.${index + 1}`).join(' ');
    expect(order(streaming, `${places(1024)} 1.1`)).toContain('twice 1.1');
    expect(() => order(streaming, `${places(1025)} 1.1`)).toThrow(Disorder);
    expect(() => order(streaming, '1.1 1.2 1.2!')).toThrow(Disorder);
    expect(() => order(streaming, '1.1 1.2 1.2@')).toThrow(Disorder);
  });

  test('with the same content is a duplicate', () => {
    expect(order(sortedSequence, '1.1 1.2 1.1')).toEqual(['twice 1.1', '1.1', '1.2']);
  });

  test('with other content is a conflict', () => {
    expect(order(sortedSequence, '1.1 1.2 1.2!')).toEqual(['1.1', 'conflict 1.2', '1.2']);
  });
});

test('a line later than anybody waits for is found out', () => {
  const late = [...Array.from({ length: 5_000 }, (_, index) => `1.${index + 2}`), '1.1'].join(' ');
  expect(() => order(streaming, late)).toThrow(Disorder);
  expect(order(sortedSequence, late)).toHaveLength(5_001);
});

/** What becomes of places `incarnation.seq` in the order in which they were logged; `!` marks other content, `@` another file. */
function order(begin: (output: SequenceOutput) => Sequence, logged: string): string[] {
  const out: string[] = [];
  const place = ({ incarnation, seq }: { incarnation: number; seq: number }) => `${incarnation}.${seq}`;
  const sequence = begin({
    release: (event) => {
      out.push(event.type === 'gap' ? `gap ${event.incarnation}.${event.from}-${event.to ?? '?'}` : place(event));
    },
    conflict: ({ other }) => void out.push(`conflict ${place(other)}`),
    duplicate: ({ repeated }) => void out.push(`twice ${place(repeated)}`),
  });
  const files = { '': { path: 'peer1.ndjson', unit: 'line' }, '@': { path: 'peer1.1.ndjson', unit: 'line' } } as const;
  for (const [index, text] of logged.split(' ').filter(Boolean).entries()) {
    const file = files[text.endsWith('@') ? '@' : ''];
    sequence.push(logLine(text, file, index + 1));
  }
  sequence.end();
  return out;
}

function logLine(text: string, file: SourceFile, line: number): LoggedEvent {
  const [incarnation = 1, seq = 1] = text.replace(/[!@]/, '').split('.').map(Number);
  const opId = text.endsWith('!') ? 'other' : undefined;
  const header = {
    device: 'peer1',
    identity: 'bob',
    incarnation,
    seq,
    time: null,
    opId,
    run: undefined,
    mono: undefined,
  };
  return { type: 'log', ...header, file, line, stream: undefined } as LoggedEvent;
}
