import type { AelNote } from "../../ael/index.js";
import type { AelParam } from "../../ael/params.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import { childrenOf, type ExpNode } from "../../protocol/exp/node.js";
import { type Need, needs } from "../../protocol/exp/version.js";
import { parseAel, parseFilter, readText } from "../ael/compile.js";
import { formatAel } from "../ael/format.js";
import type { Expression } from "../exp/expression.js";
import { printNode } from "../exp/print.js";
import { describeIndexFilter } from "./describe-index-filter.js";
import { chooseIndex, type IndexChoice, type KnownIndex } from "./index-choice/choose-index.js";

/** What {@link explainAel} may know besides the text. */
export interface ExplainOptions {
  /** Values of the placeholders. */
  readonly params?: readonly AelParam[];
  /** Indexes to choose from, as the cluster lists them; without them nothing is said about indexes. */
  readonly indexes?: readonly KnownIndex[];
  /** Default: the namespace of the first index. */
  readonly namespace?: string;
  /** Default: the whole namespace. */
  readonly setName?: string;
}

/** What an expression is made of, what it needs, and how an index would help. */
export interface AelExplanation {
  /** The text as `formatAel` writes it. */
  readonly formatted: string;
  /** Spellings that this client takes and servers 8.2 do not: where each stands, and what to write in its place. */
  readonly notes: readonly AelNote[];
  readonly expression: Expression;
  /** Type of the result: `"BOOL"`, `"INT"` … */
  readonly type: string;
  /** Bins that are read, each with the types it is read as. */
  readonly bins: readonly { readonly name: string; readonly types: readonly string[] }[];
  /** The oldest server that understands it. */
  readonly minVersion: string;
  /** The parts that need more than server 6.0. */
  readonly needs: readonly Need[];
  /** One line for each part, with its type, indented as the parts contain each other. */
  readonly tree: string;
  /** Which index narrows it, and why the others do not, or less; undefined when no indexes were given. */
  readonly indexUse: IndexChoice | undefined;
  /** All of it as text. */
  toString(): string;
}

/**
 * Takes an expression apart: its tree with the type of every part, the bins it reads, the server it needs and, of
 * indexes that are given, the one that narrows it.
 * @throws AelParseError as `parseAel` does
 * @example console.log(String(explainAel("$.age > 30 and $.country == ?0", { params: ["US"] })))
 */
export function explainAel(text: string, options: ExplainOptions = {}): AelExplanation {
  checkOptions("explainAel", options, { params: true, indexes: true, namespace: true, setName: true });
  const { params = [], indexes, setName = "" } = options;
  const expression: Expression = parseAel(text, ...params);
  const { node } = expression;
  const namespace = options.namespace ?? indexes?.[0]?.namespace ?? "";
  const explanation = {
    formatted: formatAel(text),
    notes: readText(text).notes,
    expression,
    type: typeWord(node.type),
    bins: binsOf(node),
    minVersion: expression.minVersion,
    needs: needs(node),
    tree: treeOf(node),
    indexUse:
      indexes === undefined
        ? undefined
        : chooseIndex({ namespace, setName, where: parseFilter(text, params) }, indexes),
  };
  return { ...explanation, toString: () => describe(explanation) };
}

function describe(explanation: Omit<AelExplanation, "toString">): string {
  const { formatted, notes, type, bins, minVersion, needs: needed, tree, indexUse } = explanation;
  const read = bins.map(({ name, types }) => `${name || '""'} ${types.join(" or ")}`).join(", ");
  const lines = [formatted, "", tree, "", `gives    ${type}`, `reads    ${read === "" ? "no bins" : read}`];
  lines.push(`server   ${minVersion} and later`);
  for (const { feature, version } of needed) lines.push(`         ${feature} needs ${version}`);
  notes.forEach(({ old, now }, i) => {
    lines.push(`${i === 0 ? "spelling" : "        "} ${oneLine(old)} is written ${now === "" ? "without it" : now}`);
  });
  if (indexUse !== undefined) lines.push(...describeIndexUse(indexUse));
  return lines.join("\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

function describeIndexUse({ choice, considered }: IndexChoice): string[] {
  const used = choice === undefined ? "none" : `${choice.index.indexName}: ${describeIndexFilter(choice.range)}`;
  return [`index    ${used}`, ...considered.map(({ index, reason }) => `         not ${index.indexName}: ${reason}`)];
}

function typeWord(type: string | undefined): string {
  return type === undefined ? "?" : type.toUpperCase();
}

function binsOf(root: ExpNode): AelExplanation["bins"] {
  const found = new Map<string, Set<string>>();
  const walk = (node: ExpNode): void => {
    if (node.kind === "bin" || node.kind === "binType") {
      const types = found.get(node.name) ?? new Set();
      types.add(node.kind === "bin" ? typeWord(node.type) : "of any type");
      found.set(node.name, types);
    }
    childrenOf(node).forEach(walk);
  };
  walk(root);
  return [...found].map(([name, types]) => ({ name, types: [...types] }));
}

function treeOf(root: ExpNode): string {
  const lines: string[] = [];
  const walk = (node: ExpNode, lead: string, below: string): void => {
    lines.push(`${lead}${typeWord(node.type)}  ${printNode(node)}`);
    const children = childrenOf(node).filter(isWorthALine);
    children.forEach((child, i) => {
      const isLast = i === children.length - 1;
      walk(child, `${below}${isLast ? "└─ " : "├─ "}`, `${below}${isLast ? "   " : "│  "}`);
    });
  };
  walk(root, "", "");
  return lines.join("\n");
}

/** Constants say all there is to say where they stand. */
function isWorthALine(node: ExpNode): boolean {
  return node.kind !== "const" && node.kind !== "special";
}
