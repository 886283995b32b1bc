// `aerowire/ael`: expressions as text, to compile, print, format and explain them, with a client or without. A client's
// own methods take text by themselves: `where("…")` needs nothing from here.

export type { AelNote } from "../../ael/index.js";
export type { AelParam } from "../../ael/params.js";
export { type AelExplanation, type ExplainOptions, explainAel } from "../query/explain-ael.js";
export { aelOf } from "./ael-of.js";
export { AelParseError } from "./ael-parse-error.js";
export { parseAel } from "./compile.js";
export { parseCtx } from "./context.js";
export { formatAel } from "./format.js";
export { PreparedAel, prepareAel } from "./prepared.js";
export { ael } from "./tag.js";
