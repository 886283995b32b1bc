import { DataSet } from "../../src/index.js";
import { usage } from "../failure.js";

/** What commands say of the argument. */
export const TARGET_HELP = "namespace.set, or a namespace for all of its records";
export const SET_HELP = "namespace.set";

/** `namespace.set`, or a namespace alone. The first point divides: sets may have points in their names. */
export function parseTarget(text: string): DataSet {
  const at = text.indexOf(".");
  if (at < 0) {
    if (text === "") throw usage("expected namespace.set, got nothing");
    return DataSet.ofNamespace(text);
  }
  const [namespace, set] = [text.slice(0, at), text.slice(at + 1)];
  if (namespace === "" || set === "") throw usage(`expected namespace.set, got "${text}"`);
  return DataSet.of(namespace, set);
}

/** As {@link parseTarget}, where a whole namespace makes no sense. */
export function parseSetTarget(text: string): DataSet {
  const target = parseTarget(text);
  if (!target.isWholeNamespace) return target;
  throw usage(`expected namespace.set, got the namespace "${text}" alone`);
}

/** `namespace.set` */
export function targetText({ namespace, setName }: DataSet<unknown>): string {
  return setName === "" ? namespace : `${namespace}.${setName}`;
}

/** `test.users`, `all of namespace test` */
export function targetWords(target: DataSet<unknown>): string {
  return target.isWholeNamespace ? `all of namespace ${target.namespace}` : targetText(target);
}
