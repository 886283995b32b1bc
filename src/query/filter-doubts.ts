import { didYouMean } from "../../protocol/check/nearest.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";
import { childrenOf, type ExpNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Expression } from "../exp/expression.js";
import { integersOf } from "./index-choice/integers.js";
import type { BinSample } from "./sample-bins.js";

// Whether a filter can be true for any of some records, by the names and types of their bins alone; and whether it can be
// for any record at all. The values of a sample are not looked at: what few records hold is often what a filter is for.

/** What a condition can come to; several as their sum. */
const TRUE = 1;
const FALSE = 2;
const UNKNOWN = 4;
const OPEN = TRUE | FALSE;

const PARTICLES: ReadonlyMap<ExpType, number> = new Map<ExpType, number>([
  ["int", ParticleType.INTEGER],
  ["float", ParticleType.DOUBLE],
  ["string", ParticleType.STRING],
  ["blob", ParticleType.BLOB],
  ["bool", ParticleType.BOOL],
  ["list", ParticleType.LIST],
  ["map", ParticleType.MAP],
  ["geo", ParticleType.GEOJSON],
  ["hll", ParticleType.HLL],
]);

/** Why a filter can't be true for any record of a sample, in words, and what the sample lacks; empty when it can be true. */
export function filterDoubts(where: Expression<"bool"> | undefined, sample: BinSample): string[] {
  if (where === undefined) return [];
  const impossible = contradictions(where.node);
  if (impossible.length > 0) return impossible;
  return [...doubtsOf(where, sample), ...missingOf(sample)];
}

/** A filter that was not looked at must not seem to be a good one. */
function missingOf({ silentNodes }: BinSample): string[] {
  if (silentNodes.length === 0) return [];
  return [`The bins of the where could not be checked on ${silentNodes.join(", ")}: no sample of records came`];
}

function doubtsOf(where: Expression<"bool">, sample: BinSample): string[] {
  if (sample.records === 0) return [];
  const doubts = new Doubts(sample);
  if ((doubts.outcomes(where.node) & TRUE) !== 0) return [];
  const reasons = [...doubts.reasons];
  return reasons.length > 0
    ? reasons
    : [`The where can't be true for any of ${sample.records} records looked at, whatever their bins hold`];
}

/** Bins of which no integer fulfils the filter: `$.age > 60 and $.age < 20`. */
function contradictions(where: ExpNode): string[] {
  const bins = new Set<string>();
  const collect = (node: ExpNode): void => {
    if (node.kind === "bin" && node.type === "int") bins.add(node.name);
    childrenOf(node).forEach(collect);
  };
  collect(where);
  return [...bins]
    .filter((bin) => integersOf(where, true, (node) => isIntegerBin(node, bin)).length === 0)
    .map((bin) => `No integer in the bin "${bin}" fulfils the where: what it asks of the bin excludes itself`);
}

function isIntegerBin(node: ExpNode, name: string): boolean {
  return node.kind === "bin" && node.type === "int" && node.name === name;
}

class Doubts {
  readonly #sample: BinSample;
  readonly #variables = new Map<string, ExpNode>();
  readonly reasons = new Set<string>();

  constructor(sample: BinSample) {
    this.#sample = sample;
  }

  /** What a condition can come to. Says too much rather than too little. */
  outcomes(node: ExpNode): number {
    switch (node.kind) {
      case "const":
        return node.type === "bool" ? (node.value === true ? TRUE : FALSE) : OPEN | UNKNOWN;
      case "let":
        for (const { name, value } of node.definitions) this.#variables.set(name, value);
        return this.outcomes(node.body);
      case "cond":
        return this.#cond(node.parts);
      case "op":
        return this.#operation(node.code, node.args, node);
      default:
        return this.#canBeKnown(node) ? OPEN | UNKNOWN : UNKNOWN;
    }
  }

  #operation(code: number, args: readonly ExpNode[], node: ExpNode): number {
    const [left, right] = args;
    switch (code) {
      case ExpOp.UNKNOWN:
        return UNKNOWN;
      case ExpOp.NOT: {
        const inner = this.outcomes(left!);
        return ((inner & TRUE) !== 0 ? FALSE : 0) | ((inner & FALSE) !== 0 ? TRUE : 0) | (inner & UNKNOWN);
      }
      case ExpOp.AND:
      case ExpOp.OR: {
        const decides = code === ExpOp.AND ? FALSE : TRUE;
        const all = args.map((arg) => this.outcomes(arg));
        const some = all.reduce((sum, each) => sum | each, 0);
        const other = OPEN & ~decides;
        return (some & (decides | UNKNOWN)) | (all.every((each) => (each & other) !== 0) ? other : 0);
      }
      case ExpOp.EQ:
      case ExpOp.NE: {
        if (left?.kind === "binType" && right?.kind === "const") {
          return this.#typeIs(left.name, Number(right.value), code === ExpOp.EQ);
        }
        return this.#compare(node, args, code === ExpOp.NE);
      }
      case ExpOp.GT:
      case ExpOp.GE:
      case ExpOp.LT:
      case ExpOp.LE:
        return this.#compare(node, args, false);
      default:
        return this.#canBeKnown(node) ? OPEN | UNKNOWN : UNKNOWN;
    }
  }

  #compare(node: ExpNode, args: readonly ExpNode[], isUnequal: boolean): number {
    if (!this.#canBeKnown(node)) return UNKNOWN;
    if (isUnequal || !args.some(isNaNConstant)) return OPEN | UNKNOWN;
    this.reasons.add("The where compares with NaN, which no number is equal to, less or greater than");
    return FALSE | UNKNOWN;
  }

  #typeIs(name: string, particle: number, isEqual: boolean): number {
    const found = this.#sample.bins.get(name) ?? new Map<number, number>();
    const having = [...found.values()].reduce((sum, count) => sum + count, 0);
    const isMissing = having < this.#sample.records;
    const same = particle === 0 ? isMissing : found.has(particle);
    const different = particle === 0 ? having > 0 : isMissing || [...found.keys()].some((type) => type !== particle);
    if (!same && isEqual) this.#explain(name, particle);
    if (!different && !isEqual) this.#explain(name, particle);
    return (same ? (isEqual ? TRUE : FALSE) : 0) | (different ? (isEqual ? FALSE : TRUE) : 0);
  }

  #cond(parts: readonly ExpNode[]): number {
    let found = 0;
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const condition = this.outcomes(parts[i]!);
      if ((condition & TRUE) !== 0) found |= this.outcomes(parts[i + 1]!);
      found |= condition & UNKNOWN;
      if ((condition & FALSE) === 0) return found;
    }
    return found | this.outcomes(parts.at(-1)!);
  }

  /** Whether something can be worked out for any of the records: all that it needs is there in one of them. */
  #canBeKnown(node: ExpNode): boolean {
    switch (node.kind) {
      case "bin": {
        const particle = PARTICLES.get(node.type);
        if (particle === undefined || this.#sample.bins.get(node.name)?.has(particle) === true) return true;
        this.#explain(node.name, particle);
        return false;
      }
      case "var": {
        const value = this.#variables.get(node.name);
        return value === undefined || this.#canBeKnown(value);
      }
      // What lies inside of cases and of conditions on elements is not always needed.
      case "cond":
      case "let":
        return true;
      case "select":
        return this.#canBeKnown(node.target);
      case "op":
        if (node.code === ExpOp.AND || node.code === ExpOp.OR) return this.outcomes(node) !== UNKNOWN;
        return childrenOf(node).every((child) => this.#canBeKnown(child));
      default:
        return childrenOf(node).every((child) => this.#canBeKnown(child));
    }
  }

  #explain(name: string, particle: number): void {
    const { records, bins } = this.#sample;
    if (bins.has(name)) {
      if (particle !== 0)
        this.reasons.add(
          `In none of ${records} records looked at, the bin "${name}" is of the type that the where takes it for`,
        );
      return;
    }
    const hint = didYouMean(name, [...bins.keys()]);
    this.reasons.add(
      `None of ${records} records looked at has the bin "${name}" of the where${hint === undefined ? "" : `. ${hint}`}`,
    );
  }
}

function isNaNConstant(node: ExpNode): boolean {
  return node.kind === "const" && node.type === "float" && Number.isNaN(node.value);
}
