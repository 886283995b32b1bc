export { buildFilter, compile, Expression, pathEvaluator } from "./expression.js";
export { buildDetail, filteredDetail } from "./failure.js";
export { applyExpModify, applyExpRead, isExpModify } from "./operations.js";
export { Refused } from "./refused.js";
export { compileText, treeOfText } from "./text.js";
export type { ExpValue } from "./value.js";
export { UNKNOWN } from "./value.js";
