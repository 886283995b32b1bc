/** Where an expression failed, as the field of error details says it. */
export interface ErrorTrace {
  readonly phase: "build" | "evaluation";
  readonly outcome?: "fault" | "false" | "absent";
  /** The language that it was sent in. */
  readonly language?: "packed" | "text";
  /** In the packed expression. */
  readonly byteOffset?: number;
  readonly opCode?: number;
  readonly depth?: number;
  readonly path?: readonly string[];
  readonly snippet?: string;
  /** In the text. */
  readonly textOffset?: number;
  readonly textLength?: number;
}

/** What a server of 8.2 says of a failure besides its result code, as far as the client asks. */
export interface ErrorDetail {
  /** Means something only together with the result code. */
  readonly subCode?: number;
  readonly message?: string;
  readonly trace?: ErrorTrace;
}

/** With MRT_BLOCKED: a transaction holds the record, and it is not that of the command. */
export const RECORD_LOCKED: ErrorDetail = { subCode: 1 };
