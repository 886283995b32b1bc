export type { PackedExpression } from "../../protocol/exp/packed-expression.js";
