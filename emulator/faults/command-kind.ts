import { describe } from "../../protocol/value/invalid-value.js";

/** What a client asks a node for, as faults tell requests apart. */
export type CommandKind =
  | "info"
  | "security"
  | "read"
  | "write"
  | "delete"
  | "touch"
  | "operate"
  | "udf"
  | "batch"
  | "query"
  | "background";

const KINDS: Readonly<Record<CommandKind, true>> = {
  info: true,
  security: true,
  read: true,
  write: true,
  delete: true,
  touch: true,
  operate: true,
  udf: true,
  batch: true,
  query: true,
  background: true,
};

/** Throws TypeError for what is no kind of command. */
export function checkCommandKind(name: string, kind: unknown): void {
  if (typeof kind === "string" && Object.hasOwn(KINDS, kind)) return;
  throw new TypeError(
    `${name}: expected a kind of command, got ${describe(kind)}. Known: ${Object.keys(KINDS).join(", ")}`,
  );
}
