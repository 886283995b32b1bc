import { ResultCode } from "../../protocol/result-code.js";
import type { InfoCall, InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";
import { Longest } from "./info-params.js";

const EPOCH_MS = 1_262_304_000_000n;

/** Deleting many records at once, on every node. */
export const truncateCommands: InfoCommands = {
  truncate: (call) => {
    const namespace = call.params.required("namespace", Longest.NAMESPACE);
    return truncate(call, namespace, call.params.required("set", Longest.SET));
  },
  "truncate-namespace": (call) => truncate(call, namespaceAlone(call), ""),
  "truncate-undo": (call) => {
    const namespace = call.params.required("namespace", Longest.NAMESPACE);
    call.node.cluster.namespace(namespace)?.undoTruncate(call.params.required("set", Longest.SET));
    return "ok";
  },
  "truncate-namespace-undo": (call) => {
    call.node.cluster.namespace(namespaceAlone(call))?.undoTruncate("");
    return "ok";
  },
};

/** The namespace of a command that must not name a set. */
function namespaceAlone({ params }: InfoCall): string {
  const namespace = params.required("namespace", Longest.NAMESPACE);
  if (params.has("set")) throw new InfoError(ResultCode.PARAMETER_ERROR, "unexpected set name");
  return namespace;
}

function truncate({ node, params }: InfoCall, namespace: string, setName: string): string {
  const lut = params.optional("lut", Longest.NUMBER);
  const now = Math.floor(node.runtime.wallClock());
  // Without a time, what was written in this very millisecond goes too: nothing that comes later can be meant.
  const before = lut === undefined ? now + 1 : millisecondsOf(lut, now);
  node.cluster.namespace(namespace)?.truncate(setName, before);
  return "ok";
}

/** Nanoseconds since 1970, decimal, hexadecimal or octal, as milliseconds. */
function millisecondsOf(lut: string, now: number): number {
  const nanoseconds = parseLeadingNumber(lut);
  const milliseconds = nanoseconds / 1_000_000n;
  if (milliseconds <= EPOCH_MS) throw new InfoError(ResultCode.PARAMETER_ERROR, "would truncate to 0");
  if (milliseconds > BigInt(now)) throw new InfoError(ResultCode.PARAMETER_ERROR, "would truncate in the future");
  return Number(milliseconds);
}

/** Takes as much of a text as is a number, as C does it; 0 when there is none. */
function parseLeadingNumber(text: string): bigint {
  const hexadecimal = /^0[xX]([0-9a-fA-F]+)/.exec(text)?.[1];
  if (hexadecimal !== undefined) return BigInt(`0x${hexadecimal}`);
  const octal = /^0([0-7]+)/.exec(text)?.[1];
  if (octal !== undefined) return BigInt(`0o${octal}`);
  return BigInt(/^\d+/.exec(text)?.[0] ?? "0");
}
