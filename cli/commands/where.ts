import type { AelParam } from "../../src/index.js";
import { usage } from "../failure.js";
import { parseParam } from "../values/parse-value.js";

/** The options of `addWhere`. */
export interface WhereFlags {
  readonly where?: string | undefined;
  readonly param?: readonly string[] | undefined;
}

/** Puts the condition on a builder of a query or a background task. @throws AelParseError; CliError */
export function applyWhere<B extends { where(text: string, ...params: readonly AelParam[]): unknown }>(
  builder: B,
  { where, param = [] }: WhereFlags,
): B {
  if (where === undefined) {
    if (param.length > 0) throw usage("--param is a value of an expression, but there is no --where");
    return builder;
  }
  builder.where(where, ...param.map((text) => parseParam("--param", text)));
  return builder;
}
