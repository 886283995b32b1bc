import type { ExpKind } from "../../protocol/exp/exp-type.js";
import * as arithmetic from "./arithmetic.js";
import * as bins from "./bins.js";
import * as bits from "./bits.js";
import * as constants from "./constants.js";
import { cond, def, letIn, unknown, variable } from "./control.js";
import { Expression } from "./expression.js";
import { fromBase64, fromBytes } from "./from-bytes.js";
import * as hlls from "./hlls.js";
import * as listRemovals from "./list-removals.js";
import * as lists from "./lists.js";
import { and, eq, ge, geoCompare, gt, inList, le, lt, ne, not, or, regexCompare, xor } from "./logic.js";
import * as mapRemovals from "./map-removals.js";
import * as mapWrites from "./map-writes.js";
import * as maps from "./maps.js";
import * as metadata from "./metadata.js";
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
import * as strings from "./strings.js";
import { toText } from "./to-text.js";

const logic = { and, eq, ge, geoCompare, gt, inList, le, lt, ne, not, or, regexCompare, xor };
// Reserved words can be names of members, but not everywhere names of exports.
const control = { cond, def, let: letIn, unknown, var: variable };
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
 * Expressions built in code. Every factory checks its arguments at once and throws TypeError or RangeError naming
 * what is wrong.
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
  typeof strings &
  typeof paths & { toString: typeof toText; fromBase64: typeof fromBase64; fromBytes: typeof fromBytes } =
  /* @__PURE__ */ Object.assign(Expression, {
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
    ...strings,
    toString: toText,
    ...paths,
    fromBase64,
    fromBytes,
  });

/** An expression whose value is of type `T`. */
export type Exp<T extends ExpKind = ExpKind> = Expression<T>;
