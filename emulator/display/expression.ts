import { bytesToHex } from "@noble/hashes/utils.js";
import { Reader } from "../../protocol/bytes/reader.js";
import { CdtForm, type CdtSystem } from "../../protocol/cdt/operations.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { PackedType } from "../../protocol/value/packed-head.js";
import { listCount, mapCount, peekKind, skipValue, takeBytes, takeInteger, takeValue } from "../exp/packed.js";
import { readName } from "../record/name.js";
import { takeContext } from "./context.js";
import { operationName } from "./operation-name.js";
import { displayParameter } from "./value.js";

/** What is still to be shown: words, or what takes some of the bytes and says what they are to become. */
type Task = string | ((r: Reader) => readonly Task[]);

const SYSTEMS: readonly CdtSystem[] = ["cdt", "bits", "hll"];
const MODIFIES = 0x40;
const TYPES = ["nil", "bool", "int", "str", "list", "map", "blob", "float", "geojson", "hll"];

/** Words for operations other than their names in lower case. */
const OTHER_WORDS: ReadonlyMap<number, string> = new Map([
  [ExpOp.REGEX, "cmp_regex"],
  [ExpOp.GEO_COMPARE, "cmp_geo"],
  [ExpOp.REMOVE_RESULT, "result_remove"],
  [ExpOp.LOOP_VAR, "var_builtin"],
]);
const words: ReadonlyMap<number, string> = new Map(
  Object.entries(ExpOp).map(([name, code]) => [code, OTHER_WORDS.get(code) ?? name.toLowerCase()]),
);

/** A packed expression, valid as the server sees it, in its words: `gt(bin_int("n"), 5)`. */
export function displayExpression(packed: Uint8Array): string {
  const r = new Reader(packed);
  const display = new Display();
  const shown: string[] = [];
  // Nested as deep as bytes allow: what is to do waits here and not on the stack.
  const tasks: Task[] = [display.value];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (typeof task === "string") shown.push(task);
    else tasks.push(...task(r).toReversed());
  }
  return shown.join("");
}

class Display {
  /** Variables of the `let`s around, by name. */
  readonly #scopes: Map<string, number>[] = [];
  #nextVariable = 0;

  /** Takes any expression. */
  readonly value = (r: Reader): readonly Task[] => {
    if (peekKind(r) !== PackedType.LIST) return [displayConstant(r)];
    const count = (listCount(r) ?? 1) - 1;
    const code = Number(takeInteger(r) ?? 0n);
    const word = words.get(code) ?? "";
    switch (code) {
      case ExpOp.BIN:
        return [`bin_${TYPES[Number(takeInteger(r))]}("${takeText(r)}")`];
      case ExpOp.BIN_TYPE:
        return [`${word}("${takeText(r)}")`];
      case ExpOp.DIGEST_MODULO:
        return [`${word}(${BigInt.asUintN(32, takeInteger(r) ?? 0n)})`];
      case ExpOp.KEY:
        skipValue(r);
        return [`${word}()`];
      case ExpOp.LOOP_VAR:
        skipValue(r);
        return [`${word}(${takeInteger(r)})`];
      case ExpOp.REGEX: {
        const flags = takeInteger(r);
        return [`${word}(<string#${takeBytes(r)?.length ?? 0}>, ${flags}, `, this.value, ")"];
      }
      case ExpOp.QUOTE:
        return [`<list#${listCount(new Reader(takeValue(r))) ?? 0}>`];
      case ExpOp.VAR:
        return [`${word}("var_${this.#variable(takeName(r))}")`];
      case ExpOp.LET:
        return this.#let(count);
      case ExpOp.CALL:
        return this.#call(r);
      default:
        return [`${word}(`, ...separated(count, this.value), ")"];
    }
  };

  #let(count: number): readonly Task[] {
    const scope = new Map<string, number>();
    const first = this.#nextVariable;
    const tasks: Task[] = ["let("];
    for (let i = 0; i + 1 < count; i += 2) {
      tasks.push((r) => {
        const index = this.#nextVariable++;
        scope.set(takeName(r), index);
        return [`def(var_${index}, `, this.value, "), "];
      });
    }
    const leave = (): readonly Task[] => {
      this.#scopes.pop();
      this.#nextVariable = first;
      return [];
    };
    this.#scopes.push(scope);
    return [...tasks, this.value, ")", leave];
  }

  #variable(name: string): number {
    for (const scope of this.#scopes.toReversed()) {
      const index = scope.get(name);
      if (index !== undefined) return index;
    }
    return 0;
  }

  /** An operation on lists, maps, bits or sketches: its parameters, then what it works on. */
  #call(r: Reader): readonly Task[] {
    skipValue(r);
    const system = SYSTEMS[Number(takeInteger(r) ?? 0n) & ~MODIFIES] ?? "cdt";
    let parameters = (listCount(r) ?? 1) - 1;
    let code = Number(takeInteger(r) ?? 0n);
    let start = system === "cdt" ? "NULL, " : "";
    if (system === "cdt" && code === CdtForm.SELECT) return this.#select(r, parameters);
    if (system === "cdt" && code === CdtForm.IN_CONTEXT) {
      start = `${takeContext(r)}, `;
      parameters = (listCount(r) ?? 1) - 1;
      code = Number(takeInteger(r) ?? 0n);
    }
    const shown = Array.from({ length: parameters }, () => [this.#parameter, ", "]).flat();
    return [`${operationName(system, code)}(${start}`, ...shown, this.value, ")"];
  }

  #select(r: Reader, parameters: number): readonly Task[] {
    const context = takeContext(r);
    const flags = Number(takeInteger(r) ?? 0n).toString(16);
    const change = parameters > 2 ? `, <mod_exp/${takeValue(r).length}>` : "";
    return [`${operationName("cdt", CdtForm.SELECT)}(${context}, 0x${flags}${change}, `, this.value, ")"];
  }

  /** A list among the parameters is an expression. */
  readonly #parameter = (r: Reader): readonly Task[] =>
    peekKind(r) === PackedType.LIST ? [this.value] : [displayParameter(r)];
}

function separated(count: number, task: Task): Task[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? [task] : [", ", task])).flat();
}

function displayConstant(r: Reader): string {
  const kind = peekKind(r);
  switch (kind) {
    case PackedType.MAP:
      return `<map#${mapCount(new Reader(takeValue(r))) ?? 0}>`;
    case PackedType.WILDCARD:
    case PackedType.INFINITY:
    case PackedType.EXTENSION:
      return `<ext#${takeValue(r).length}>`;
    default:
      return displayParameter(r);
  }
}

/** The name of a bin. */
function takeText(r: Reader): string {
  return readName(takeBytes(r) ?? new Uint8Array(0));
}

/** The name of a variable, as a key. */
function takeName(r: Reader): string {
  return bytesToHex(takeBytes(r) ?? new Uint8Array(0));
}
