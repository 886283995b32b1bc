import { alternatives, checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { checkCommandKind } from "./command-kind.js";
import type { FaultAction, FaultScope, FaultSpec } from "./fault.js";

const SCOPE: OptionNames<FaultScope> = { node: true, command: true, skip: true, times: true };

type ActionOptions<A extends FaultAction["do"]> = OptionNames<Extract<FaultAction, { readonly do: A }>>;

/** For each action the options that go with it. */
const ACTIONS: { readonly [A in FaultAction["do"]]: ActionOptions<A> } = {
  delay: { do: true, ms: true },
  stall: { do: true },
  silence: { do: true, execute: true },
  cut: { do: true, bytes: true, execute: true },
  truncate: { do: true, bytes: true, execute: true },
  garbage: { do: true, bytes: true, execute: true },
  answer: { do: true, resultCode: true },
};

/** Throws TypeError or RangeError for what no fault can be. */
export function checkFault(spec: FaultSpec, nodes: number): void {
  checkAction(spec);
  checkNode("node", spec.node, nodes);
  for (const kind of commandsOf(spec)) checkCommandKind("command", kind);
  checkCount("skip", spec.skip, 0);
  checkCount("times", spec.times, 1);
  switch (spec.do) {
    case "delay":
      if (!(spec.ms >= 0)) throw new RangeError(`ms: expected a time of 0 ms or more, got ${describe(spec.ms)}`);
      return;
    case "cut":
    case "truncate":
      checkCount("bytes", spec.bytes, 0);
      return;
    case "answer":
      if (!Number.isInteger(spec.resultCode) || spec.resultCode < 1 || spec.resultCode > 255) {
        throw new RangeError(`resultCode: expected a result code from 1 to 255, got ${describe(spec.resultCode)}`);
      }
      return;
    default:
  }
}

/** Throws RangeError for a place that no node of the cluster has; undefined stands for every node. */
export function checkNode(name: string, node: number | undefined, nodes: number): void {
  if (node === undefined || (Number.isInteger(node) && node >= 0 && node < nodes)) return;
  throw new RangeError(`${name}: expected a node from 0 to ${nodes - 1}, got ${describe(node)}`);
}

/** Throws RangeError for anything but a whole number from `least` on; undefined stands for a default. */
export function checkCount(name: string, count: number | undefined, least: number): void {
  if (count === undefined || (Number.isSafeInteger(count) && count >= least)) return;
  throw new RangeError(`${name}: expected a whole number of ${least} or more, got ${describe(count)}`);
}

function checkAction(spec: FaultSpec): void {
  if (typeof spec !== "object" || spec === null) {
    throw new TypeError(`faults.add(spec): expected an object, got ${describe(spec)}`);
  }
  const action: unknown = spec.do;
  if (typeof action !== "string" || !Object.hasOwn(ACTIONS, action)) {
    const known = Object.keys(ACTIONS);
    const hint = typeof action === "string" ? alternatives(action, known) : `Known: ${known.join(", ")}`;
    throw new TypeError(`faults.add(spec): do: expected what goes wrong, got ${describe(action)}. ${hint}`);
  }
  checkOptions<object>(`faults.add({ do: "${action}" })`, spec, { ...SCOPE, ...ACTIONS[spec.do] });
}

function commandsOf({ command }: FaultSpec): readonly unknown[] {
  if (command === undefined) return [];
  return Array.isArray(command) ? command : [command];
}
