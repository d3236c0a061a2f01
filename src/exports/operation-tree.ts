import { getOrCreate } from '../base/order.ts';
import type { OperationRef, Span } from './entry.ts';

/** How many operations that ended are remembered, for lines that come late. */
const mostEnded = 8192;
/** How many spans wait for an operation that the log has not mentioned yet. */
const mostHeld = 65_536;

/** A span whose place in the tree is still to be found. */
export type UnplacedSpan = Omit<Span, 'parent'> & { parent: OperationRef | null };

interface Node extends OperationRef {
  parent: Node | null;
  root: OperationRef;
  /** Whether all that it is nested in is known. */
  settled: boolean;
  /** What waits for it to be settled. */
  waiting: Item[];
}

type Item = { readonly node: Node } | { readonly span: UnplacedSpan; readonly own: boolean };

/**
 * Which operation is nested in which. Some logs print an operation when it is over, after what it did: then spans are held
 * until all that they are part of is known. What is never mentioned holds nothing, and in a circle the first is part of nothing.
 */
export class OperationTree {
  readonly #known = new Map<string, Node>();
  readonly #ended = new Set<Node>();
  readonly #unsettled = new Set<Node>();
  /** What waits for operations that no line began yet, by their ids. */
  readonly #awaited = new Map<string, Item[]>();
  readonly #emit: (span: Span) => void;
  #held = 0;

  constructor(emit: (span: Span) => void) {
    this.#emit = emit;
  }

  /** An operation is mentioned first. */
  begin(operation: Omit<OperationRef, 'parent' | 'root'>, parentOpId: string | undefined): void {
    const { opId } = operation;
    const waiting = this.#awaited.get(opId) ?? [];
    this.#awaited.delete(opId);
    const node = { ...operation, parent: null, settled: false, waiting } as Omit<Node, 'root'> as Node;
    node.root = node;
    this.#known.set(opId, node);
    this.#unsettled.add(node);
    if (parentOpId === undefined || parentOpId === opId) this.#settle(node, null);
    else this.#await(parentOpId, { node });
  }

  /** An operation is over; it must have been begun. */
  end(span: UnplacedSpan): void {
    const node = this.#known.get(span.opId ?? '');
    if (!node) throw new Error(`operation ${span.opId} was not begun`);
    if (node.settled) this.#place({ span, own: true }, node);
    else this.#hold(node.waiting, { span, own: true });
    this.#ended.add(node);
    if (this.#ended.size > mostEnded) this.#forgetOldest();
  }

  /** A step of an operation, or of none. */
  step(span: UnplacedSpan): void {
    if (span.opId === undefined) this.#emit(span);
    else this.#await(span.opId, { span, own: false });
  }

  /** Nothing more is mentioned that could be waited for. */
  giveUp(): void {
    const awaited = [...this.#awaited.values()].flat();
    this.#awaited.clear();
    for (const item of awaited) this.#place(item, null);
    for (const node of this.#unsettled) this.#settle(node, null);
    this.#held = 0;
  }

  #await(opId: string, item: Item): void {
    const node = this.#known.get(opId);
    if (node?.settled) this.#place(item, node);
    else this.#hold(node?.waiting ?? getOrCreate(this.#awaited, opId, () => []), item);
  }

  #hold(waiting: Item[], item: Item): void {
    waiting.push(item);
    if (++this.#held > mostHeld) this.giveUp();
  }

  /** Without recursion: a log may nest as deep as it likes. */
  #settle(first: Node, parent: Node | null): void {
    const due: (readonly [Node, Node | null])[] = [[first, parent]];
    for (let next = due.pop(); next; next = due.pop()) {
      const [node, within] = next;
      if (node.settled) continue;
      node.settled = true;
      node.parent = within;
      node.root = within?.root ?? node;
      this.#unsettled.delete(node);
      const { waiting } = node;
      node.waiting = [];
      this.#held -= waiting.length;
      for (const item of waiting) {
        if ('node' in item) due.push([item.node, node]);
        else this.#place(item, node);
      }
    }
  }

  #place(item: Item, within: Node | null): void {
    if ('node' in item) {
      this.#settle(item.node, within);
      return;
    }
    item.span.parent = item.own ? (within?.parent ?? null) : within;
    this.#emit(item.span);
  }

  #forgetOldest(): void {
    const [oldest] = this.#ended;
    if (!oldest) return;
    this.#ended.delete(oldest);
    if (this.#known.get(oldest.opId) === oldest) this.#known.delete(oldest.opId);
  }
}
