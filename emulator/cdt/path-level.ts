import { CONTEXT_INVERTED, leadsToSeveral } from "../../protocol/cdt/context.js";
import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { LevelBase } from "./context-level.js";
import type { PathEvaluator, PathExpression } from "./path-evaluator.js";
import type { PayloadReader } from "./payload-reader.js";

// The levels of a path, `[type, value, …]`:
//   base 0, 1      index or rank
//   base 2, 3, 10  a key, a value, a list of keys
//   base 4         an expression that filters the children, or true for all of them
//   0x204          an expression that filters what the level before has picked
// and to servers of 8.2
//   base 8 to 15   ranges and lists: the parameters of the operation that selects in the same way
//   + 0x400        all others, of these and of keys

const MAX_LEVELS = 64;
const AND = 0x200n;
const BASE_MASK = 0x0fn;

export interface PathLevel {
  readonly base: number;
  /** The type as sent: list and map bits count only where the level meets its list or map. */
  readonly type: number;
  /** An index or a rank. */
  readonly index: bigint;
  /** A key, a value or a list of keys. */
  readonly value: Uint8Array;
  /** The filter of a level by expression; without, all children pass. */
  readonly filter?: PathExpression;
  /** The filter on top of whatever the level picks. */
  readonly and?: PathExpression;
  readonly hasAnd?: true;
  /** A level of ranges or values: `value` holds the parameters. */
  readonly isSeveral?: true;
  readonly isInverted?: true;
}

const INVERTED = BigInt(CONTEXT_INVERTED);

const NONE = { index: 0n, value: new Uint8Array(0) };

/** Undefined for what is no path (result code 4). */
export function readPathLevels(reader: PayloadReader, evaluator: PathEvaluator): PathLevel[] | undefined {
  const count = reader.list();
  if (count === undefined || count === 0 || count % 2 === 1 || count > 2 * MAX_LEVELS) return undefined;
  const levels: PathLevel[] = [];
  for (let i = 0; i < count; i += 2) {
    const type = reader.unsigned();
    if (type === undefined) return undefined;
    const previous = (type & AND) === 0n ? undefined : levels.pop();
    const level = (type & AND) === 0n ? readLevel(type, reader, evaluator) : withAnd(previous, type, reader, evaluator);
    if (level === undefined) return undefined;
    levels.push(level);
  }
  return levels;
}

function readLevel(raw: bigint, reader: PayloadReader, evaluator: PathEvaluator): PathLevel | undefined {
  const base = Number(raw & BASE_MASK);
  const isInverted = evaluator.release === "8.2" && (raw & INVERTED) !== 0n;
  if (isInverted && !leadsToSeveral(base)) return undefined;
  const level = { ...NONE, base, type: Number(raw & 0xffn), ...(isInverted ? { isInverted } : {}) };
  if (evaluator.release === "8.2" && base !== LevelBase.KEY_LIST && leadsToSeveral(base)) {
    const value = reader.value();
    return value === undefined ? undefined : { ...level, value, isSeveral: true };
  }
  switch (base) {
    case LevelBase.INDEX:
    case LevelBase.RANK: {
      const index = reader.integer();
      return index === undefined ? undefined : { ...level, index };
    }
    case LevelBase.KEY:
    case LevelBase.VALUE:
    case LevelBase.KEY_LIST: {
      const value = reader.value();
      return value === undefined ? undefined : { ...level, value };
    }
    case LevelBase.EXPRESSION: {
      const filter = readFilter(reader, evaluator);
      if (filter === undefined) return undefined;
      return filter === true ? level : { ...level, filter };
    }
    default:
      return undefined;
  }
}

function withAnd(
  level: PathLevel | undefined,
  raw: bigint,
  reader: PayloadReader,
  evaluator: PathEvaluator,
): PathLevel | undefined {
  if (raw !== (AND | BigInt(LevelBase.EXPRESSION))) return undefined;
  if (level === undefined || level.hasAnd === true || level.base === LevelBase.EXPRESSION) return undefined;
  const and = readFilter(reader, evaluator);
  if (and === undefined) return undefined;
  return and === true ? { ...level, hasAnd: true } : { ...level, hasAnd: true, and };
}

/** An expression, or true; undefined for anything else. */
function readFilter(reader: PayloadReader, evaluator: PathEvaluator): PathExpression | true | undefined {
  const packed = reader.value();
  const head = new PackedHead();
  if (packed === undefined || !head.read(packed, 0, packed.length)) return undefined;
  if (head.type === PackedType.TRUE) return true;
  return head.type === PackedType.LIST ? evaluator.compile(packed) : undefined;
}
