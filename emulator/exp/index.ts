export { compile, compileFilter, Expression, pathEvaluator } from "./expression.js";
export { applyExpModify, applyExpRead, isExpModify } from "./operations.js";
export type { ExpValue } from "./value.js";
export { REMOVE, UNKNOWN } from "./value.js";
