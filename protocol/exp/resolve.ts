import { operationOf } from "../cdt/operations.js";
import { checkTarget } from "./call-target.js";
import { checkCall } from "./danger.js";
import { guardDivision } from "./division-guard.js";
import type { ExpKind } from "./exp-type.js";
import type { ExpNode, LetNode, PathStep } from "./node.js";
import { ExpOp } from "./op-code.js";
import { OPS, resultType } from "./ops.js";

/** Deeper trees are refused: packer, printer and server all walk them by recursion. */
export const MAX_DEPTH = 1000;

interface Scope {
  readonly name: string;
  readonly type: ExpKind | undefined;
  readonly outer: Scope | undefined;
}

/**
 * Makes a whole expression ready to send: every variable must be defined, types that hung on one are filled in and
 * checked, divisions get their guards, and wildcards may only stand where something is compared.
 */
export function resolveExpression(root: ExpNode): ExpNode {
  return new Resolver().resolve(root, undefined, 0);
}

class Resolver {
  #guards = 0;
  #names: Set<string> | undefined;

  resolve(node: ExpNode, scope: Scope | undefined, depth: number): ExpNode {
    if (depth > MAX_DEPTH) throw new TypeError(`The expression nests deeper than ${MAX_DEPTH} levels`);
    switch (node.kind) {
      case "const":
        if (node.specials === true)
          throw new TypeError("WILDCARD and INFINITY only compare; they can't be stored or calculated with");
        return node;
      case "text":
        if (depth > 0) throw new TypeError("A text that the server compiles is a whole expression, never part of one");
        return node;
      case "special":
        throw new TypeError("A wildcard or infinity stands only inside a list or a collection call");
      case "op": {
        const compares = node.code >= ExpOp.EQ && node.code <= ExpOp.IN_LIST;
        const args = this.#all(node.args, scope, depth, compares);
        const type =
          args === node.args
            ? node.type
            : resultType(
                OPS[node.code]!,
                args.map((arg) => arg.type),
              );
        if (type === "int" && (node.code === ExpOp.DIV || node.code === ExpOp.MOD)) {
          return guardDivision(node.code, args, () => this.#freshName(scope));
        }
        return args === node.args && type === node.type ? node : { ...node, type, args };
      }
      case "regex": {
        const subject = this.resolve(node.subject, scope, depth + 1);
        if (subject.type !== "string")
          throw new TypeError(`Exp.regexCompare: expected the subject to be a string, got ${subject.type}`);
        return subject === node.subject ? node : { ...node, subject };
      }
      case "cond": {
        const parts = this.#all(node.parts, scope, depth, false);
        const type = condType(parts);
        return parts === node.parts && type === node.type ? node : { ...node, type, parts };
      }
      case "var":
        return this.#variable(node.name, scope);
      case "let":
        return this.#let(node, scope, depth);
      case "call": {
        // Removals compare what they select by, as reads do.
        const compares = !node.modify || operationOf(node.system, node.code)?.selects !== undefined;
        const params = this.#all(node.params, scope, depth, compares);
        const target = this.resolve(node.target, scope, depth + 1);
        const type = checkTarget(node, target);
        // What variables stand for is known by now.
        if (params !== node.params) checkCall({ ...node, params });
        return { ...node, type, params, path: this.#path(node.path, depth), target };
      }
      case "select": {
        const target = this.resolve(node.target, scope, depth + 1);
        // Variables from outside are unknown inside a path.
        const apply = node.apply && this.resolve(node.apply, undefined, depth + 1);
        if (target.type !== "list" && target.type !== "map") {
          throw new TypeError(`A path expression works on a list or map; this is ${target.type}`);
        }
        return { ...node, apply, path: this.#path(node.path, depth), target };
      }
      default:
        return node;
    }
  }

  /** The same array when nothing in it changed. */
  #all(nodes: readonly ExpNode[], scope: Scope | undefined, depth: number, compares: boolean): readonly ExpNode[] {
    let changed: ExpNode[] | undefined;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      if (compares && (node.kind === "special" || node.kind === "const")) continue;
      const resolved = this.resolve(node, scope, depth + 1);
      if (resolved !== node) {
        changed ??= nodes.slice();
        changed[i] = resolved;
      }
    }
    return changed ?? nodes;
  }

  #path(path: readonly PathStep[], depth: number): readonly PathStep[] {
    if (!path.some((step) => step.filter !== undefined)) return path;
    return path.map((step) => {
      if (step.filter === undefined) return step;
      const filter = this.resolve(step.filter, undefined, depth + 1);
      if (filter.type !== "bool") throw new TypeError(`A path's filter must be bool; this one is ${filter.type}`);
      return { ...step, filter };
    });
  }

  #variable(name: string, scope: Scope | undefined): ExpNode {
    const found = find(scope, name);
    if (found === undefined) {
      throw new TypeError(`Exp.var(${JSON.stringify(name)}): no such variable is defined here${defined(scope)}`);
    }
    if (found.type === undefined)
      throw new TypeError(`Exp.def(${JSON.stringify(name)}): a variable can't be used in its own definition`);
    return { kind: "var", type: found.type, name };
  }

  #let(node: LetNode, scope: Scope | undefined, depth: number): ExpNode {
    let inner = scope;
    const definitions = node.definitions.map(({ name, value }) => {
      if (find(inner, name) !== undefined) {
        throw new TypeError(`Exp.def(${JSON.stringify(name)}): this name is taken, here or further out`);
      }
      this.#names = (this.#names ?? new Set()).add(name);
      const resolved = this.resolve(value, { name, type: undefined, outer: inner }, depth + 1);
      inner = { name, type: resolved.type, outer: inner };
      return { name, value: resolved };
    });
    const body = this.resolve(node.body, inner, depth + 1);
    return { kind: "let", type: body.type, definitions, body };
  }

  #freshName(scope: Scope | undefined): string {
    for (;;) {
      const name = `_d${this.#guards++}`;
      if (this.#names?.has(name) !== true && find(scope, name) === undefined) return name;
    }
  }
}

/** The common type of all values; `unknown` goes with any. */
export function condType(parts: readonly ExpNode[]): ExpKind | undefined {
  let found: ExpKind | undefined;
  parts.forEach((part, i) => {
    const isCondition = i % 2 === 0 && i < parts.length - 1;
    if (isCondition) {
      if (part.type !== undefined && part.type !== "bool") {
        throw new TypeError(`Exp.cond: expected condition ${i / 2 + 1} to be a bool, got ${part.type}`);
      }
      return;
    }
    if (part.kind === "op" && part.code === ExpOp.UNKNOWN) return;
    if (found !== undefined && part.type !== undefined && part.type !== found) {
      throw new TypeError(`Exp.cond: one value is ${found}, another ${part.type}; all must be of one type`);
    }
    found ??= part.type;
  });
  return found;
}

function find(scope: Scope | undefined, name: string): Scope | undefined {
  let at = scope;
  while (at !== undefined && at.name !== name) at = at.outer;
  return at;
}

function defined(scope: Scope | undefined): string {
  const names: string[] = [];
  for (let at = scope; at !== undefined; at = at.outer) names.push(at.name);
  return names.length === 0 ? "" : `; defined are ${names.join(", ")}`;
}
