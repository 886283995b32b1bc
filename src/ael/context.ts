import { CTX } from "../../protocol/cdt/context.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import type { MapKey } from "../../protocol/value/value.js";
import { AelParseError } from "./ael-parse-error.js";
import type { AelNode, PathNode, Step } from "./ast.js";
import { Lowering } from "./lower.js";
import { parseText } from "./parser.js";

/**
 * The context of a path: the way from its bin to what it names, for operations and indexes on nested lists and maps.
 * Only steps to one place: keys, indexes, ranks and values. The name of the bin is not part of the result.
 * @throws AelParseError
 * @example parseCtx("$.orders.[0].lines") // [CTX.mapKey… as CTX.listIndex(0), CTX.mapKey("lines")]
 */
export function parseCtx(path: string): CTX[] {
  if (typeof path !== "string" || path.trim() === "") {
    throw new AelParseError(typeof path === "string" ? path : "", {
      problem:
        typeof path === "string"
          ? "Path must not be null or empty"
          : `Path must not be null or empty, nor ${describe(path)}`,
      at: 0,
      end: 0,
    });
  }
  const node = parsePathAlone(path);
  if (node.fn !== undefined) {
    throw new AelParseError(path, {
      problem: "Path function is unsupported, please provide only path to convert to CTX[]",
      at: node.fn.at,
      end: node.fn.end,
    });
  }
  if (node.steps.length === 0) {
    throw new AelParseError(path, {
      problem: "CDT context is not provided",
      at: node.at,
      end: node.end,
      expected: "steps after the bin",
    });
  }
  const lowering = new Lowering(path, [], false);
  return node.steps.map((step) => stepContext(lowering, step));
}

function parsePathAlone(path: string): PathNode {
  let node: AelNode;
  try {
    node = parseText(path).tree;
  } catch (error) {
    if (!(error instanceof AelParseError)) throw error;
    throw new AelParseError(path, {
      problem: `Could not parse the given AEL path input: ${error.problem}`,
      at: error.at,
      end: error.end,
      found: error.found,
      expected: error.expected,
      suggestion: error.suggestion,
    });
  }
  if (node.kind === "path" && node.base.from === "bin") return node;
  throw new AelParseError(path, {
    problem: "Unsupported input expression type 'EXPRESSION_CONTAINER', please provide only path to convert to CTX[]",
    at: node.at,
    end: node.end,
  });
}

function stepContext(lowering: Lowering, step: Step): CTX {
  const { select, on } = step;
  const onList = on === "list";
  switch (select.by) {
    case "key":
      return CTX.mapKey(lowering.constantAt(select.key) as MapKey);
    case "index": {
      const index = lowering.constantAt(select.index) as number;
      return onList ? CTX.listIndex(index) : CTX.mapIndex(index);
    }
    case "rank": {
      const rank = lowering.constantAt(select.rank) as number;
      return onList ? CTX.listRank(rank) : CTX.mapRank(rank);
    }
    case "value": {
      const value = lowering.constantAt(select.value) as SearchValue;
      return onList ? CTX.listValue(value) : CTX.mapValue(value);
    }
    default:
      return lowering.fail(
        step,
        `Unsupported CDT part type: ${select.by}`,
        "steps to one place: keys, indexes, ranks, values",
      );
  }
}
