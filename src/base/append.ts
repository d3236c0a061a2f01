/**
 * The list with one more item, for lists of which there are many and most of them short: the first items make lists as long as
 * they must be, where `push` makes room for sixteen more. The list that is given may be changed, and is not to be used again.
 */
export function append<Item>(list: Item[], item: Item): Item[] {
  if (list.length === 0) return [item];
  if (list.length < 4) return list.concat([item]);
  list.push(item);
  return list;
}
