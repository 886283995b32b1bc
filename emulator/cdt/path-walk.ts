import { CONTEXT_LIST, CONTEXT_MAP } from "../../protocol/cdt/context.js";
import { ResultCode } from "../../protocol/result-code.js";
import { comparePacked } from "../packed/order.js";
import { holdsSpecials } from "../packed/size.js";
import { type Collection, ListCollection, MapCollection } from "./collection.js";
import { type Container, packContainer, readContainer } from "./container.js";
import { isOrdered, listOf } from "./packed-list.js";
import { mapOf } from "./packed-map.js";
import { loopVariables, visitChosen, type Walk } from "./path-choice.js";
import { type PathExpression, REMOVE } from "./path-evaluator.js";
import type { PathLevel } from "./path-level.js";

/** What a path hands back. */
export const PathKind = { TREE: 0, VALUES: 1, KEYS: 2, KEYS_AND_VALUES: 3, APPLY: 4, COUNT: 10, EXISTS: 11 } as const;

export interface Path {
  readonly levels: readonly PathLevel[];
  readonly kind: number;
  /** What is unknown is not picked, or left as it is, instead of being an error. */
  readonly noFail: boolean;
  /** What APPLY puts in an element's place. */
  readonly replacement: PathExpression | undefined;
}

/** The children that a level picked, by position; undefined for one that is to go. */
type Picked = ReadonlyMap<number, Uint8Array | undefined>;

/** One walk along a path, from the bin down to the last level. */
export class PathWalk implements Walk {
  readonly #path: Path;
  isAtEnd = false;
  /** Keys and values that the last level picked. */
  readonly leaves: Uint8Array[] = [];
  /** Why the walk failed; what it handed out then means nothing. */
  code: number = ResultCode.OK;

  constructor(path: Path) {
    this.#path = path;
  }

  get noFail(): boolean {
    return this.#path.noFail;
  }

  /** Walks one list or map: for TREE what is picked of it, for APPLY what becomes of it, both packed. */
  through(packed: Uint8Array, container: Container, depth: number): Uint8Array {
    const { levels, kind, noFail } = this.#path;
    const level = levels[depth]!;
    const isLast = depth + 1 === levels.length;
    const collection = container.kind === "list" ? new ListCollection(container) : new MapCollection(container);
    if (collection.size === 0 && container.flags === 0) return packed;
    if (container.kind === "list" && isLast && wantsKeys(kind))
      return noFail ? packed : this.#fail(ResultCode.BIN_TYPE_ERROR);
    if (collection.size === 0) return packed;
    if (!suits(level, container)) return this.#fail(ResultCode.PARAMETER_ERROR);
    const picked = new Map<number, Uint8Array | undefined>();
    this.code = visitChosen(collection, level, this, (position) => {
      picked.set(position, isLast ? this.#leaf(collection, position) : this.#child(collection, position, depth));
      return this.code;
    });
    if (this.code !== ResultCode.OK) return packed;
    switch (kind) {
      case PathKind.TREE:
        return packContainer(onlyPicked(container, picked));
      case PathKind.APPLY:
        return packContainer(withPicked(container, picked));
      default:
        return packed;
    }
  }

  #fail(code: number): Uint8Array {
    this.code = code;
    return new Uint8Array(0);
  }

  /** A child on the way; scalars stand in the tree as they are. */
  #child(collection: Collection, position: number, depth: number): Uint8Array {
    const value = collection.values.at(position);
    const container = readContainer(value);
    return container === undefined ? value : this.through(value, container, depth + 1);
  }

  /** A child at the end; undefined when it is to go. */
  #leaf(collection: Collection, position: number): Uint8Array | undefined {
    const { kind } = this.#path;
    const value = collection.values.at(position);
    const key = collection.keys?.at(position);
    if (kind === PathKind.APPLY) return this.#replace(collection, position);
    if (key !== undefined && wantsKeys(kind)) this.leaves.push(key);
    if (wantsValues(kind)) this.leaves.push(value);
    return value;
  }

  #replace(collection: Collection, position: number): Uint8Array | undefined {
    const { replacement, noFail } = this.#path;
    const result = replacement?.replace(loopVariables(collection, position));
    if (result === REMOVE) return undefined;
    if (result !== undefined) return holdsSpecials(result) ? this.#fail(ResultCode.BIN_TYPE_ERROR) : result;
    return noFail ? collection.values.at(position) : this.#fail(ResultCode.SERVER_ERROR);
  }
}

function wantsKeys(kind: number): boolean {
  return kind === PathKind.KEYS || kind === PathKind.KEYS_AND_VALUES;
}

function wantsValues(kind: number): boolean {
  return kind === PathKind.VALUES || kind === PathKind.KEYS_AND_VALUES;
}

/** A level for lists does not suit a map, nor the reverse; a create flag suits no map. */
function suits(level: PathLevel, container: Container): boolean {
  if (container.kind === "map") return level.type <= 0x0f || (level.type & 0xf0) === CONTEXT_MAP;
  const kind = level.type & (CONTEXT_LIST | CONTEXT_MAP);
  return kind === 0 || kind === CONTEXT_LIST;
}

/** The picked children alone, in a container without an order. */
function onlyPicked(container: Container, picked: Picked): Container {
  if (container.kind === "list") {
    const elements = container.elements
      .map((_, position) => picked.get(position))
      .filter((element) => element !== undefined);
    return listOf(0, elements);
  }
  const entries = container.entries.flatMap(({ key }, position) => {
    const value = picked.get(position);
    return value === undefined ? [] : [{ key, value }];
  });
  return mapOf(0, entries);
}

/** The container with the picked children in the place of the old ones. */
function withPicked(container: Container, picked: Picked): Container {
  if (container.kind === "list") {
    const elements = container.elements
      .map((element, position) => (picked.has(position) ? picked.get(position) : element))
      .filter((element) => element !== undefined);
    return listOf(container.flags, isOrdered(container) ? elements.sort(comparePacked) : elements);
  }
  const entries = container.entries.flatMap((entry, position) => {
    const value = picked.has(position) ? picked.get(position) : entry.value;
    return value === undefined ? [] : [{ key: entry.key, value }];
  });
  return mapOf(container.flags, entries);
}
