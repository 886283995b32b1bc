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
