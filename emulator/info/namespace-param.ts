import { ResultCode } from "../../protocol/result-code.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import type { InfoCall } from "./info-command.js";
import { InfoError } from "./info-error.js";
import { Longest } from "./info-params.js";

/** The namespace that a command names. Throws InfoError when it names none, or one that does not exist. */
export function requiredNamespace(call: InfoCall, ...aliases: readonly string[]): NodeNamespace {
  return existing(call, call.params.required("namespace", Longest.NAMESPACE, ...aliases));
}

export function optionalNamespace(
  call: InfoCall,
  longest: number,
  ...aliases: readonly string[]
): NodeNamespace | undefined {
  const name = call.params.optional("namespace", longest, ...aliases);
  return name === undefined ? undefined : existing(call, name);
}

function existing(call: InfoCall, name: string): NodeNamespace {
  const namespace = call.node.namespace(name);
  if (namespace === undefined) throw new InfoError(ResultCode.INVALID_NAMESPACE, "namespace not found on node");
  return namespace;
}
