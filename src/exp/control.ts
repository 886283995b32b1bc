import { checkVariableName } from "../../protocol/exp/check-names.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import type { Definition } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { condType } from "../../protocol/exp/resolve.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { nodeOf, nodesOf } from "./build.js";
import { Expression } from "./expression.js";

type Bool = Expression<"bool">;

/**
 * The value of the first condition that is true, else the default: `cond([when, then, when, then, …, default])`. All
 * values are of one type; {@link unknown} goes with any. An unknown condition makes the whole unknown.
 * @example Exp.cond([Exp.gt(Exp.intBin("age"), Exp.intVal(17)), Exp.stringVal("adult"), Exp.stringVal("minor")])
 */
function cond<T extends ExpKind>(
  parts: readonly [Bool, Expression<T>, ...(Bool | Expression<NoInfer<T>>)[], Expression<NoInfer<T>>],
): Expression<T> {
  const nodes = nodesOf(parts, "Exp.cond");
  if (nodes.length < 3 || nodes.length % 2 === 0) {
    throw new TypeError(`Exp.cond: ${nodes.length} parts; expected pairs of condition and value and, last, a default`);
  }
  return new Expression({ kind: "cond", type: condType(nodes), parts: nodes });
}

/** A variable and its value, for {@link let}. */
class VariableDefinition implements Definition {
  readonly name: string;
  readonly value: Definition["value"];
  constructor(name: string, value: Definition["value"]) {
    this.name = name;
    this.value = value;
  }
}

export type { VariableDefinition };

/** Defines a variable for {@link let}: letters, digits and `_`, no digit first. */
function def(name: string, value: Expression<ExpKind>): VariableDefinition {
  return new VariableDefinition(checkVariableName(name, "Exp.def"), nodeOf(value, "Exp.def: the value"));
}

/**
 * Works out variables once and uses them: `let([def, def, …, body])`. A definition may use those before it. A name
 * must not be defined twice, nor hide one from further out.
 * @example
 * Exp.let([Exp.def("x", Exp.numAdd([Exp.intBin("a"), Exp.intBin("b")])),
 *   Exp.gt(Exp.numMul([Exp.var("x"), Exp.var("x")]), Exp.intVal(100))])
 */
function letIn<T extends ExpKind>(
  parts: readonly [VariableDefinition, ...VariableDefinition[], Expression<T>],
): Expression<T> {
  if (!Array.isArray(parts) || parts.length < 2) {
    throw new TypeError(
      "Exp.let: expected an array of one or more definitions and, last, the expression that uses them",
    );
  }
  const definitions: Definition[] = [];
  for (const part of parts.slice(0, -1)) {
    if (!(part instanceof VariableDefinition)) {
      throw new TypeError(`Exp.let: expected a definition, got ${describe(part)}; write Exp.def(name, value)`);
    }
    definitions.push(part);
  }
  const body = nodeOf(parts.at(-1), "Exp.let: the body");
  return new Expression({ kind: "let", type: body.type, definitions, body });
}

/** A variable of a {@link let} around it. Its type is known once the whole is built; give it to help the compiler: `Exp.var<"float">("x")`. */
function variable<T extends ExpKind = never>(name: string): Expression<T> {
  return new Expression({ kind: "var", type: undefined, name: checkVariableName(name, "Exp.var") });
}

/**
 * The value that is not known. As a branch of {@link cond} it goes with every type; a filter leaves the record out, a
 * write or read fails unless it allows that.
 */
function unknown(): Expression<never> {
  return new Expression({ kind: "op", type: "bool", code: ExpOp.UNKNOWN, args: [] });
}

/** Variables and conditions, for {@link Exp}. */
// Reserved words can be names of members, but not everywhere names of exports.
export const control = { cond, def, let: letIn, unknown, var: variable };
