import { byId, Cell, commonAncestor, MAX_LEVEL } from "./cell.js";
import type { Region } from "./region.js";

// The server covers a region with a few cells of the S2 grid, and takes only what twelve of them can cover. The cells
// come out in replies and as keys of indexes, so the choice among the many possible coverings is S2's own: start with
// few large cells, and split the largest that are only partly covered as long as there is room for their quarters.

/** Most cells of a covering; a region that needs more is refused. */
const MAX_CELLS = 12;
/** Cells are no larger than a quarter of a face. */
const MIN_LEVEL = 1;
const MAX_INITIAL_CELLS = 4;

/** The cells that cover a region, in the order of their ids; undefined when there would be too many. */
export function coveringOf(region: Region, maxLevel = MAX_LEVEL): readonly Cell[] | undefined {
  const cells = new Coverer(region, maxLevel).run();
  return cells.length > MAX_CELLS ? undefined : cells;
}

/** A cell that touches the region. */
interface Candidate {
  readonly cell: Cell;
  /** Whether it goes into the covering as it is: it lies inside the region, or may not be split. */
  readonly isFinal: boolean;
  readonly children: Candidate[];
  priority: number;
}

class Coverer {
  readonly #region: Region;
  readonly #maxLevel: number;
  readonly #result: Cell[] = [];
  readonly #queue = new CandidateQueue();

  constructor(region: Region, maxLevel: number) {
    this.#region = region;
    this.#maxLevel = maxLevel;
  }

  run(): Cell[] {
    for (const cell of initialCells(this.#region, this.#maxLevel)) this.#add(this.#candidate(cell));
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      if (this.#maySplit(next)) for (const child of next.children) this.#add(child);
      else this.#result.push(next.cell);
    }
    return normalized(this.#result).flatMap((cell) => (cell.level < MIN_LEVEL ? cell.children : [cell]));
  }

  #maySplit({ cell, children }: Candidate): boolean {
    if (cell.level < MIN_LEVEL || children.length === 1) return true;
    return this.#result.length + this.#queue.size + children.length <= MAX_CELLS;
  }

  /** Undefined for a cell outside of the region. */
  #candidate(cell: Cell): Candidate | undefined {
    if (!this.#region.mayMeet(cell)) return undefined;
    const isFinal = cell.level >= MIN_LEVEL && (cell.level >= this.#maxLevel || this.#region.containsCell(cell));
    return { cell, isFinal, children: [], priority: 0 };
  }

  #add(candidate: Candidate | undefined): void {
    if (candidate === undefined) return;
    const { cell, children } = candidate;
    if (candidate.isFinal) {
      this.#result.push(cell);
      return;
    }
    for (const quarter of cell.children) {
      const child = this.#candidate(quarter);
      if (child !== undefined) children.push(child);
    }
    if (children.length === 0) return;
    const finals = children.filter((child) => child.isFinal).length;
    if (finals === 4 && cell.level >= MIN_LEVEL) {
      this.#result.push(cell);
      return;
    }
    // Large cells come first; among them those with few children, and among these those with few that are final.
    candidate.priority = -((((cell.level << 2) + children.length) << 2) + finals);
    this.#queue.push(candidate);
  }
}

/** At most four cells around the region, or one on each face that it touches. */
function initialCells(region: Region, maxLevel: number): Cell[] {
  const bound = region
    .bound()
    .map((cell) => (cell.level > maxLevel ? new Cell(cell.face, maxLevel, cell.i, cell.j) : cell));
  const cells = normalized(bound);
  while (cells.length > MAX_INITIAL_CELLS) {
    let best: Cell | undefined;
    for (const [k, cell] of cells.entries()) {
      const next = cells[k + 1];
      const common = next && commonAncestor(cell, next);
      if (common !== undefined && common.level > (best?.level ?? -1)) best = common;
    }
    if (best === undefined) break;
    const ancestor = best;
    const inside = cells.filter((cell) => ancestor.containsCell(cell));
    cells.splice(cells.indexOf(inside[0]!), inside.length, ancestor);
    cells.splice(0, cells.length, ...normalized(cells));
  }
  return cells;
}

/** Sorted, without cells inside others, and with a cell in place of its four quarters. */
function normalized(cells: readonly Cell[]): Cell[] {
  const result: Cell[] = [];
  for (let cell of [...cells].sort(byId)) {
    if (result.at(-1)?.containsCell(cell)) continue;
    while (result.length > 0 && cell.containsCell(result.at(-1)!)) result.pop();
    while (completesParent(result, cell)) {
      result.splice(-3);
      cell = cell.parent;
    }
    result.push(cell);
  }
  return result;
}

function completesParent(before: readonly Cell[], cell: Cell): boolean {
  if (cell.level === 0 || before.length < 3) return false;
  const { parent } = cell;
  return before.slice(-3).every((sibling) => sibling.level === cell.level && parent.containsCell(sibling));
}

/**
 * A binary heap. Candidates of equal priority leave it in the order that the C++ library's heap gives them, on which the
 * covering depends.
 */
class CandidateQueue {
  readonly #heap: Candidate[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(candidate: Candidate): void {
    this.#heap.push(candidate);
    this.#rise(this.#heap.length - 1, candidate);
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    // The hole at the top sinks to the bottom first, and only then is the last candidate put into it and rises.
    let hole = 0;
    for (let child = 2; child <= heap.length; child = 2 * hole + 2) {
      if (child === heap.length || heap[child]!.priority < heap[child - 1]!.priority) child--;
      heap[hole] = heap[child]!;
      hole = child;
    }
    this.#rise(hole, last);
    return top;
  }

  #rise(from: number, candidate: Candidate): void {
    const heap = this.#heap;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (heap[parent]!.priority >= candidate.priority) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = candidate;
  }
}
