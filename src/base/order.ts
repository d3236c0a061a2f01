/** Compares by UTF-16 code unit: the same answer on every machine, whatever its locale. For `sort`. */
export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The map's entries in the order of their keys. */
export function sortedEntries<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([left], [right]) => byText(left, right));
}

/**
 * The value at `key`; where there is none, the one that `create` makes is stored and returned. Where it is asked for every
 * event, `create` is a function with a name: one written at the call is made anew each time.
 */
export function getOrCreate<Key, Value>(map: Map<Key, Value>, key: Key, create: (key: Key) => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create(key);
    map.set(key, value);
  }
  return value;
}

/** The items in groups of the same key, groups and items in the order in which they came. */
export function groupBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) getOrCreate(groups, keyOf(item), () => []).push(item);
  return groups;
}
