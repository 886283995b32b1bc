import { type AelNode, isSingleStep, type Step } from "../../ael/ast.js";
import { AelMistakeError, type ParsedAel, parseText } from "../../ael/index.js";
import { CTX } from "../../protocol/cdt/context.js";
import { double } from "../../protocol/value/double.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import { INFINITY, WILDCARD } from "../../protocol/value/special.js";
import type { MapKey } from "../../protocol/value/value.js";
import { AelParseError } from "./ael-parse-error.js";

/**
 * The context of a path: the way from its bin to what it names, for operations and indexes on nested lists and maps.
 * Only steps to one place: keys, indexes, ranks and values. The name of the bin is not part of the result.
 * @throws AelParseError
 * @example parseCtx("$.orders.[0].lines") // [CTX.mapKey… as CTX.listIndex(0), CTX.mapKey("lines")]
 */
export function parseCtx(path: string): CTX[] {
  if (typeof path !== "string" || path.trim() === "") {
    const problem = "Path must not be null or empty";
    const text = typeof path === "string" ? path : "";
    const got = typeof path === "string" ? "" : `, nor ${describe(path)}`;
    throw new AelParseError(text, { problem: problem + got, at: 0, end: 0 });
  }
  const { tree } = readPath(path);
  if (tree.kind === "method") {
    refuse(path, tree.name, "Path function is unsupported, please provide only path to convert to CTX[]");
  }
  if (tree.kind === "bin") refuse(path, tree, "CDT context is not provided", "steps after the bin");
  if (tree.kind !== "path" || tree.base.kind !== "bin") {
    const problem =
      "Unsupported input expression type 'EXPRESSION_CONTAINER', please provide only path to convert to CTX[]";
    return refuse(path, tree, problem);
  }
  return tree.steps.map((step) => stepContext(path, step));
}

function readPath(path: string): ParsedAel {
  try {
    return parseText(path);
  } catch (error) {
    if (!(error instanceof AelMistakeError)) throw error;
    const { problem } = error.mistake;
    throw new AelParseError(path, {
      ...error.mistake,
      problem: `Could not parse the given AEL path input: ${problem}`,
    });
  }
}

function refuse(
  path: string,
  where: { readonly at: number; readonly end: number },
  problem: string,
  expected?: string,
): never {
  throw new AelParseError(path, { problem, at: where.at, end: where.end, expected });
}

function stepContext(path: string, step: Step): CTX {
  const onList = step.on === "list";
  if (isSingleStep(step)) {
    const value = constantOf(path, step.operands[0]!);
    switch (step.kind) {
      case "key":
        return CTX.mapKey(value as MapKey);
      case "index":
        return onList ? CTX.listIndex(value as number) : CTX.mapIndex(value as number);
      case "rank":
        return onList ? CTX.listRank(value as number) : CTX.mapRank(value as number);
      default:
        return onList ? CTX.listValue(value) : CTX.mapValue(value);
    }
  }
  return refuse(
    path,
    step,
    `Unsupported CDT part type: ${step.kind}`,
    "steps to one place: keys, indexes, ranks, values",
  );
}

function constantOf(path: string, node: AelNode): SearchValue {
  if (node.kind === "special") return node.word === "INF" ? INFINITY : WILDCARD;
  if (node.kind !== "literal") refuse(path, node, "Placeholder used but no placeholder values provided");
  // Steps hold literals of types that a value can have.
  return (node.of === "float" ? double(Number(node.value)) : node.value) as SearchValue;
}
