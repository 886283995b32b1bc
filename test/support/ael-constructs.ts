import type { AelNode, Step } from "../../ael/ast.js";
import { FREE, type FunctionInfo, METADATA, METHODS } from "../../ael/functions.js";
import { parseText } from "../../ael/index.js";

// The constructs of the language, by name, and those that a text is made of: what has no test shows.

const TYPES = ["INT", "FLOAT", "STRING", "BOOL", "BLOB", "LIST", "MAP", "GEO", "HLL"];
const PINNED = TYPES.flatMap((type) => [`bin :${type}`, `bin :LOCAL:${type}`]);
const WORDS = TYPES.map((type) => `word ${type}`);
const OPERATORS = [
  ...["or", "and", "|", "^", "&", "<<", ">>", ">>>", "+", "-", "*", "/", "%", "**"],
  ...["==", "!=", ">", ">=", "<", "<=", "in", "=~", "=~ i", "=~ m", "=~ s", "unary -", "unary +", "unary ~", "not"],
].map((operator) => `operator ${operator}`);
const LITERALS = [
  ...[
    "integer",
    "hexadecimal",
    "binary",
    "negative",
    "float",
    "true",
    "false",
    "NIL",
    "'string'",
    '"string"',
    "escape",
  ],
  ...["X'blob'", "b64'blob'", "list", "list :SORTED", "list :UNSORTED", "list with INF", "list with *", "map"],
  ...["map :UNORDERED", "map key INT", "map key NAME", "map key STRING", "map key BLOB"],
].map((literal) => `literal ${literal}`);
const OTHERS = ["let", "variable", "when", "unknown", "error", "grouped", "bin", "quoted bin", "/* comment */"];
const LOOPS = ["@", "@key", "@index", "@ :T", "@key :T", "@ with steps"];
const MORE = ["begin", "end", "inverted"];
const STEPS = [
  ...["name", '"name"', "INT", "{@k}"].map((key) => `step key ${key}`),
  ...["index", "rank", "firstValue"].flatMap((kind) => [`step map ${kind}`, `step list ${kind}`]),
  ...["indexRange", "rankRange", "valueRange", "valueList", "relativeRankRange"].flatMap((kind) =>
    [`step map ${kind}`, `step list ${kind}`].flatMap((step) => withForms(step, kind)),
  ),
  ...["keyRange", "keyList", "relativeIndexRange"].flatMap((kind) => withForms(`step map ${kind}`, kind)),
  ...["step *", "step *[?()]", "step &[?()]", "step :T", "path of a value"],
];
/** What a container that is created in a write is like: on a bin, and on a step. */
const CREATED = [
  "KEY_ORDERED",
  "KEY_VALUE_ORDERED",
  "UNORDERED",
  "SORTED",
  "UNSORTED",
  "UNSORTED_PAD",
  "PERSIST_INDEX",
];
const CREATIONS = CREATED.flatMap((order) => [
  `bin :${order}`,
  ...(order === "PERSIST_INDEX" ? [] : [`step :${order}`]),
]);

function withForms(step: string, kind: string): string[] {
  if (kind.endsWith("List")) return [step, `${step} of one`, `${step} inverted`];
  const forms = kind.startsWith("relative") ? MORE.filter((form) => form !== "begin") : MORE;
  return [step, ...forms.map((form) => (form === "inverted" ? `${step} inverted` : `${step} without ${form}`))];
}

/** Every construct of the grammar of server 8.2. */
export const AEL_CONSTRUCTS: readonly string[] = [
  ...OPERATORS,
  ...LITERALS,
  ...OTHERS,
  ...WORDS,
  ...PINNED,
  ...LOOPS,
  ...STEPS,
  ...CREATIONS,
  ...[...METADATA.keys()].map((name) => `$.${name}()`),
  "$.key() :T",
  ...Object.values<FunctionInfo>(FREE).map(({ name }) => `function ${name}`),
  ...Object.values<FunctionInfo>(METHODS).flatMap(({ name, slots, properties }) => [
    `method ${name}`,
    ...slots.filter(({ optional }) => optional).map((slot) => `method ${name} ${slot.name}`),
    ...properties.map((property) => `method ${name} :${property}`),
  ]),
];

/** The constructs that a text has. */
export function constructsOf(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  if (text.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "").includes("/*")) found.add("/* comment */");
  walk(parseText(text).tree, text, found);
  return found;
}

function walk(node: AelNode, text: string, found: Set<string>): void {
  const source = text.slice(node.at, node.end);
  const see = (child: AelNode | undefined): void => {
    if (child !== undefined) walk(child, text, found);
  };
  if (node.grouped) found.add("grouped");
  switch (node.kind) {
    case "literal":
      found.add(`literal ${literalOf(source)}`);
      if (/^['"].*\\/s.test(source)) found.add("literal escape");
      if (/^-/.test(source)) found.add("literal negative");
      return;
    case "list":
      found.add("literal list");
      if (node.order !== undefined) found.add(`literal list :${node.order}`);
      for (const item of node.items) {
        if (item.kind === "special") found.add(`literal list with ${item.word}`);
        else see(item);
      }
      return;
    case "map":
      found.add("literal map");
      if (node.order !== undefined) found.add(`literal map :${node.order}`);
      for (const [key, value] of node.entries) {
        found.add(`literal map key ${keyOf(text.slice(key.at, key.end))}`);
        see(value);
      }
      return;
    case "typeWord":
      found.add(`word ${source}`);
      return;
    case "metadata":
      found.add(`$.${node.name}()`);
      if (node.pins.length > 0) found.add("$.key() :T");
      return;
    case "bin":
      found.add(/^\$\.['"]/.test(source) ? "quoted bin" : "bin");
      for (const { type } of node.pins) found.add(`bin :${node.local ? "LOCAL:" : ""}${type.toUpperCase()}`);
      for (const { name } of node.properties) found.add(`bin :${name}`);
      return;
    case "loop": {
      const name = { value: "@", key: "@key", index: "@index" }[node.part];
      found.add(name);
      if (node.pins.length > 0) found.add(`${name} :T`);
      return;
    }
    case "path":
      if (node.base.kind === "loop") found.add("@ with steps");
      if (node.base.grouped) found.add("path of a value");
      see(node.base);
      for (const step of node.steps) walkStep(step, text, found);
      return;
    case "method": {
      const { fn } = node;
      found.add(`method ${fn.name}`);
      see(node.receiver);
      node.args.forEach((arg, i) => {
        if (arg !== undefined && fn.slots[i]?.optional === true) found.add(`method ${fn.name} ${fn.slots[i].name}`);
        see(arg);
      });
      for (const { name } of node.properties) found.add(`method ${fn.name} :${name}`);
      return;
    }
    case "function":
      found.add(`function ${node.fn.name}`);
      node.args.forEach(see);
      return;
    case "unary":
      found.add(node.op === "not" ? "operator not" : `operator unary ${node.op}`);
      see(node.operand);
      return;
    case "nary":
      found.add(/^(min|max|exclusive)$/.test(node.op) ? `function ${node.op}` : `operator ${node.op}`);
      node.args.forEach(see);
      return;
    case "compare":
      found.add(`operator ${node.op}`);
      see(node.left);
      see(node.right);
      return;
    case "in":
      found.add("operator in");
      see(node.left);
      see(node.right);
      return;
    case "match": {
      found.add("operator =~");
      see(node.subject);
      if ("kind" in node.pattern) return;
      const { flags } = node.pattern;
      ["i", "m", "s"].forEach((flag, bit) => {
        if ((flags & (1 << bit)) !== 0) found.add(`operator =~ ${flag}`);
      });
      return;
    }
    case "let":
      found.add("let");
      for (const { value } of node.definitions) see(value);
      see(node.body);
      return;
    case "when":
      found.add("when");
      for (const [condition, value] of node.cases) {
        see(condition);
        see(value);
      }
      see(node.otherwise);
      return;
    case "unknown":
      found.add(source);
      return;
    case "variable":
      found.add("variable");
      return;
    default:
      return;
  }
}

function walkStep(step: Step, text: string, found: Set<string>): void {
  const source = text.slice(step.at, step.end);
  const { kind, on, filter, also, pins, properties, operands } = step;
  if (kind === "all") found.add("step *");
  else if (kind === "filter") found.add("step *[?()]");
  else if (kind === "key") found.add(`step key ${source.startsWith("{@") ? "{@k}" : keyStep(source)}`);
  else addStep(`step ${on} ${kind}`, step, source, found);
  if (filter !== undefined) walk(filter, text, found);
  if (also !== undefined) {
    found.add("step &[?()]");
    walk(also, text, found);
  }
  if (pins.length > 0) found.add("step :T");
  for (const { name } of properties) found.add(`step :${name}`);
  if (kind.endsWith("List") && operands.length === 1) found.add(`step ${on} ${kind} of one`);
}

function addStep(name: string, { kind, inverted, begin, until }: Step, source: string, found: Set<string>): void {
  found.add(name);
  if (inverted) found.add(`${name} inverted`);
  if (!kind.endsWith("Range")) return;
  const isRelative = kind.startsWith("relative");
  if (until === undefined) found.add(`${name} without end`);
  if (!isRelative && (begin === undefined || /^[[{]!?[#=@]?:/.test(source))) found.add(`${name} without begin`);
}

function keyStep(source: string): string {
  if (/^['"]/.test(source)) return '"name"';
  return /^-?\d/.test(source) ? "INT" : "name";
}

function keyOf(source: string): string {
  if (/^['"]/.test(source)) return "STRING";
  if (/^([xX]|[bB]64)'/.test(source)) return "BLOB";
  return /^-?\d/.test(source) ? "INT" : "NAME";
}

function literalOf(source: string): string {
  if (source.startsWith("'")) return "'string'";
  if (source.startsWith('"')) return '"string"';
  if (/^[xX]'/.test(source)) return "X'blob'";
  if (/^[bB]64'/.test(source)) return "b64'blob'";
  if (/^-?0x/.test(source)) return "hexadecimal";
  if (/^-?0b/.test(source)) return "binary";
  if (/^-?\d+\.\d/.test(source)) return "float";
  return /^-?\d/.test(source) ? "integer" : source;
}
