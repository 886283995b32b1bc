import type { AelParam } from "../../ael/params.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { Expression } from "../exp/expression.js";
import { parseFilter } from "./compile.js";
import { PreparedAel } from "./prepared.js";

/** What `where` takes: text, an expression, or text read beforehand. */
export type FilterSource = string | Expression | PreparedAel;

/**
 * The filter expression of a `where`, or of the method that is named.
 * @param doubles bins that are known to hold FLOAT, for text
 * @throws AelParseError for text that is no condition; TypeError for an expression that is none or was given parameters
 */
export function toFilter(
  where: FilterSource,
  params: readonly AelParam[],
  method = "where",
  doubles?: ReadonlySet<string>,
): Expression<"bool"> {
  if (typeof where === "string") return parseFilter(where, params, doubles);
  if (where instanceof PreparedAel) return where.bindAs(params, "bool", doubles);
  if (where instanceof Expression) {
    if (params.length > 0)
      throw new TypeError(`${method}: parameters belong to text; an expression has its values already`);
    if (isCondition(where)) return where;
    throw new TypeError(
      `${method}: a filter is a condition, true or false; this expression is ${where.type ?? "of open type"}`,
    );
  }
  throw new TypeError(`${method}: expected AEL text, an Exp or a prepared AEL, got ${describe(where)}`);
}

function isCondition(exp: Expression): exp is Expression<"bool"> {
  return exp.type === "bool";
}
