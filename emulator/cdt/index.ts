export { applyCdt } from "./apply.js";
export { changeInside, type InnerChange, readInside } from "./inside.js";
export { type LoopVariables, type PathEvaluator, REMOVE } from "./path-evaluator.js";
export { PayloadReader } from "./payload-reader.js";
export { rewriteContainer } from "./rewrite.js";
export { valueInContext } from "./value-in-context.js";
