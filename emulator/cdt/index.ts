export { applyCdt } from "./apply.js";
export { type LoopVariables, type PathEvaluator, type PathExpression, REMOVE } from "./path-evaluator.js";
export { rewriteContainer } from "./rewrite.js";
export { valueInContext } from "./value-in-context.js";
