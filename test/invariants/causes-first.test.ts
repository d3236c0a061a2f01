import { describe, expect, test } from 'vitest';
import { causesFirst } from '../../src/invariants/judgement/causes-first.ts';
import type { HistoryEvent } from '../../src/replay/causal-order.ts';
import type { Mark } from '../../src/replay/mark.ts';

const devices = ['peer1', 'peer2', 'peer3'];

/** A line: its device, its number there, and how far it knew each device, itself included. */
function line(name: string, type = 'log'): { name: string; mark: Mark<HistoryEvent> } {
  const [device = '', position, ...known] = name.split(' ');
  const lane = devices.indexOf(device);
  const clock = devices.map((_, at) => (at === lane ? Number(position) : Number(known[at] ?? 0)));
  const event = { type, device } as HistoryEvent;
  return { name, mark: { event, lane, position: Number(position), clock } };
}

/** The names in the order for a reader; those that the story tells, in its own order. */
function ordered(
  lines: readonly { name: string; mark: Mark<HistoryEvent> }[],
  story: readonly string[] = [],
): string[] {
  const place = (mark: Mark) => story.indexOf(lines.find((each) => each.mark === mark)?.name ?? '');
  return causesFirst(lines, place).map(({ name }) => name);
}

/** The same lines in every order. */
function orders<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

describe('lines for a reader', () => {
  const chain = ['peer2 1', 'peer1 1 0 1', 'peer1 2 0 1', 'peer3 1 2 1'];

  test('come causes first, in whatever order they were found', () => {
    for (const order of orders(chain)) expect(ordered(order.map((name) => line(name)))).toEqual(chain);
  });

  test('also where the story would have it otherwise', () => {
    for (const order of orders(chain)) {
      expect(
        ordered(
          order.map((name) => line(name)),
          chain.toReversed(),
        ),
      ).toEqual(chain);
    }
  });

  test('which are concurrent, come as the story tells them', () => {
    const names = ['peer1 1', 'peer2 1', 'peer3 1'];
    for (const story of orders(names))
      expect(
        ordered(
          names.map((name) => line(name)),
          story,
        ),
      ).toEqual(story);
  });

  test('that the story leaves out come when least had happened before, and do not wait', () => {
    const names = ['peer1 5', 'peer2 2', 'peer3 3'];
    for (const order of orders(names)) {
      expect(ordered(order.map((name) => line(name)))).toEqual(['peer2 2', 'peer3 3', 'peer1 5']);
    }
    expect(
      ordered(
        names.map((name) => line(name)),
        ['peer1 5', 'peer2 2'],
      ),
    ).toEqual(['peer3 3', 'peer1 5', 'peer2 2']);
  });

  test('of which as much had happened before come by the name of their device', () => {
    const names = ['peer1 1', 'peer2 1', 'peer3 1'];
    for (const order of orders(names)) expect(ordered(order.map((name) => line(name)))).toEqual(names);
  });

  test('wait for what the story tells before them, and for what that waits for', () => {
    const names = ['peer1 1', 'peer2 4', 'peer3 1', 'peer2 5 0 5 1'];
    expect(
      ordered(
        names.map((name) => line(name)),
        ['peer2 5 0 5 1', 'peer1 1'],
      ),
    ).toEqual(['peer3 1', 'peer2 4', 'peer2 5 0 5 1', 'peer1 1']);
  });

  test('do not wait for what cannot come before them', () => {
    const names = ['peer1 1', 'peer1 2', 'peer2 1'];
    expect(
      ordered(
        names.map((name) => line(name)),
        ['peer1 2', 'peer2 1', 'peer1 1'],
      ),
    ).toEqual(['peer1 1', 'peer1 2', 'peer2 1']);
  });
});

test('lines that wait for each other by the story come when least had happened before', () => {
  const names = ['peer1 1', 'peer1 2', 'peer2 1', 'peer2 2'];
  const story = ['peer2 2', 'peer1 2', 'peer2 1', 'peer1 1'];
  for (const order of orders(names)) {
    expect(
      ordered(
        order.map((name) => line(name)),
        story,
      ),
    ).toEqual(['peer1 1', 'peer2 1', 'peer2 2', 'peer1 2']);
  }
});

describe('a balance line', () => {
  const told = (second: ReturnType<typeof line>) =>
    ordered([line('peer1 1'), second, line('peer2 1')], ['peer1 1', 'peer2 1', second.name]);

  test('stays with the line that it follows, whatever the story tells', () => {
    expect(told(line('peer1 2', 'balance'))).toEqual(['peer1 1', 'peer1 2', 'peer2 1']);
  });

  test('does not, where something came in between from elsewhere', () => {
    expect(told(line('peer1 2 2 1', 'balance'))).toEqual(['peer1 1', 'peer2 1', 'peer1 2 2 1']);
  });

  test('nor does a line of another type', () => {
    expect(told(line('peer1 2'))).toEqual(['peer1 1', 'peer2 1', 'peer1 2']);
  });
});
