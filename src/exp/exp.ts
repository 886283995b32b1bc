import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { arithmetic } from "./arithmetic.js";
import { bins } from "./bins.js";
import { bits } from "./bits.js";
import { constants } from "./constants.js";
import { control } from "./control.js";
import { Expression } from "./expression.js";
import { fromBase64, fromBytes } from "./from-bytes.js";
import { hlls } from "./hlls.js";
import { listRemovals } from "./list-removals.js";
import { lists } from "./lists.js";
import { logic } from "./logic.js";
import { mapRemovals } from "./map-removals.js";
import { mapWrites } from "./map-writes.js";
import { maps } from "./maps.js";
import { metadata } from "./metadata.js";
import {
  blobLoopVar,
  boolLoopVar,
  floatLoopVar,
  geoLoopVar,
  hllLoopVar,
  intLoopVar,
  listLoopVar,
  loopVar,
  mapLoopVar,
  modifyByPath,
  removeResult,
  selectByPath,
  stringLoopVar,
} from "./paths.js";
import { stringOps } from "./strings.js";
import { toText } from "./to-text.js";

const paths = {
  blobLoopVar,
  boolLoopVar,
  floatLoopVar,
  geoLoopVar,
  hllLoopVar,
  intLoopVar,
  listLoopVar,
  loopVar,
  mapLoopVar,
  modifyByPath,
  removeResult,
  selectByPath,
  stringLoopVar,
};

/**
 * What a class has besides its own statics, behind them: V8 takes milliseconds to give a class some hundred properties, and
 * nearly nothing for a prototype that has them.
 */
function withStatics<C extends object, S extends object>(target: C, statics: S): C & S {
  return Object.setPrototypeOf(target, Object.setPrototypeOf(statics, Function.prototype));
}

/**
 * Expressions built in code. Every factory checks its arguments at once and throws TypeError or RangeError naming
 * what is wrong. They are inherited: `{ ...Exp }` has none of them, `Object.create(Exp)` has all.
 *
 * @example
 * const adults = Exp.and([Exp.ge(Exp.intBin("age"), Exp.intVal(18)), Exp.binExists("email")]);
 * await session.backgroundTask().update(users).where(adults).bin("adult").setTo(true).execute();
 */
export const Exp: typeof Expression &
  typeof metadata &
  typeof bins &
  typeof constants &
  typeof logic &
  typeof arithmetic &
  typeof control &
  typeof lists &
  typeof listRemovals &
  typeof maps &
  typeof mapWrites &
  typeof mapRemovals &
  typeof bits &
  typeof hlls &
  typeof stringOps &
  typeof paths & { toString: typeof toText; fromBase64: typeof fromBase64; fromBytes: typeof fromBytes } =
  /* @__PURE__ */ withStatics(Expression, {
    ...metadata,
    ...bins,
    ...constants,
    ...logic,
    ...arithmetic,
    ...control,
    ...lists,
    ...listRemovals,
    ...maps,
    ...mapWrites,
    ...mapRemovals,
    ...bits,
    ...hlls,
    ...stringOps,
    toString: toText,
    ...paths,
    fromBase64,
    fromBytes,
  });

/** An expression whose value is of type `T`. */
export type Exp<T extends ExpKind = ExpKind> = Expression<T>;
