import type { ExpType } from "../protocol/exp/exp-type.js";
import type { ExpNode } from "../protocol/exp/node.js";
import { resolveExpression } from "../protocol/exp/resolve.js";
import type { AelNode } from "./ast.js";
import { describeType } from "./describe.js";
import { method } from "./functions.js";
import { Inference } from "./infer.js";
import { type AelTarget, Lowering } from "./lower.js";
import { AelMistakeError } from "./mistake.js";
import type { AelParam } from "./params.js";
import type { ParsedAel } from "./parser.js";
import { setName, setOf } from "./type-set.js";

/** No tree of this depth becomes too deep by what is put into it. */
const SHALLOW = 100;

/** What compiling gives. */
export interface CompiledAel {
  readonly node: ExpNode;
  /** The value of some parameter shaped the expression, so that it holds for this value alone. */
  readonly needsValues: boolean;
}

export interface CompileOptions {
  /** The type that the whole must have. */
  readonly expected?: ExpType | undefined;
  /** Bins that are known to hold FLOAT. */
  readonly doubles?: ReadonlySet<string> | undefined;
  /** Default: `any`. */
  readonly target?: AelTarget;
  /** Leaves room for scalar parameters instead of their values. */
  readonly asTemplate?: boolean;
}

/**
 * From tree to expression. Throws AelMistakeError for text that is wrong, TypeError for a parameter of no type.
 */
export function compileTree(parsed: ParsedAel, params: readonly AelParam[], options: CompileOptions = {}): CompiledAel {
  const { target = "any", asTemplate = false } = options;
  inferTypes(parsed, params, options);
  const lowering = new Lowering(parsed.text, params, target, asTemplate);
  const node = lowering.checked(parsed.tree, () => lowering.lower(parsed.tree));
  // What is only seen once the whole is put together: INF that is stored, guards of divisions that nest too deep.
  if (lowering.special !== undefined || parsed.tree.depth > SHALLOW) {
    lowering.checked(lowering.special ?? parsed.tree, () => resolveExpression(node));
  }
  return { node, needsValues: lowering.needsValues };
}

/** Finds the type of every node. */
function inferTypes(parsed: ParsedAel, params: readonly AelParam[], { expected, doubles }: CompileOptions): void {
  const { text, tree } = parsed;
  const inference = new Inference(text, params, doubles);
  const typed = inference.infer(tree);
  checkAllUsed(parsed, params);
  if (expected !== undefined) {
    // A bin alone says nothing of itself: servers take it for a condition only when its type is written.
    const isBare = expected === "bool" && (tree.kind === "bin" || tree.kind === "path");
    const fits = isBare ? typed.set === setOf("bool") : typed.narrow(setOf(expected), undefined);
    if (!fits) {
      const isOpen = isBare && (typed.set & setOf("bool")) !== 0;
      const wanted = expected === "bool" ? "A filter is a condition, BOOL" : `Expected ${setName(setOf(expected))}`;
      throw new AelMistakeError(text, {
        problem: isOpen ? `${wanted}; the type of this is open` : `${wanted}; ${describeType(tree, typed, text)}`,
        at: tree.at,
        end: tree.end,
        suggestion: isOpen
          ? `Write ${text.slice(tree.at, tree.end)}${isCallWithoutParentheses(tree) ? "()" : ":BOOL"}`
          : expected === "bool"
            ? "Compare it with something"
            : undefined,
      });
    }
  }
  inference.finish();
}

/** Whether a path ends in the name of a function: `$.a.exists` asks for a key. */
function isCallWithoutParentheses(tree: AelNode): boolean {
  const key = tree.kind === "path" ? tree.steps.at(-1)?.operands[0] : undefined;
  return key?.kind === "literal" && key.of === "string" && method(String(key.value))?.gives === setOf("bool");
}

/** A value without a place in the text was meant for one: as a rule the text is written for another language's formatting. */
function checkAllUsed({ text, placeholders }: ParsedAel, params: readonly AelParam[]): void {
  const unused = params.findIndex((_, index) => !placeholders.has(index));
  if (unused < 0) return;
  const problem = `The value of ?${unused} is not used: the text has no placeholder ?${unused}`;
  const foreign = /["']?%[sd]["']?/.exec(text);
  if (foreign === null) throw new AelMistakeError(text, { problem, at: 0, end: text.length });
  const [found] = foreign;
  const at = foreign.index;
  const isQuoted = found.length > 2;
  throw new AelMistakeError(text, {
    problem,
    at,
    end: at + found.length,
    found,
    expected: `?${unused}`,
    suggestion: `Placeholders are ?0, ?1, …${isQuoted ? ", without quotes" : ""}`,
  });
}
