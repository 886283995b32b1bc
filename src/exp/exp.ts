import * as arithmetic from "./arithmetic.js";
import * as bins from "./bins.js";
import * as constants from "./constants.js";
import * as control from "./control.js";
import type { ExpKind } from "./exp-type.js";
import { Expression } from "./expression.js";
import { and, eq, ge, geoCompare, gt, inList, le, lt, ne, not, or, regexCompare, xor } from "./logic.js";
import * as metadata from "./metadata.js";

const logic = { and, eq, ge, geoCompare, gt, inList, le, lt, ne, not, or, regexCompare, xor };

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
  typeof control = /* @__PURE__ */ Object.assign(Expression, {
  ...metadata,
  ...bins,
  ...constants,
  ...logic,
  ...arithmetic,
  ...control,
});

/** An expression whose value is of type `T`. */
export type Exp<T extends ExpKind = ExpKind> = Expression<T>;
