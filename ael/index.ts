// The expression language: text, tree, types, expression. Client and emulator both read it, so it knows protocol/ alone.

export type { AelNote } from "./ast.js";
export { compileTree } from "./compile.js";
export type { AelTarget } from "./lower.js";
export { type AelMistake, AelMistakeError, placeOf } from "./mistake.js";
export { type ParsedAel, parseText } from "./parser.js";
