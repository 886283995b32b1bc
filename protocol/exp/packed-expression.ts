/** An expression ready to travel: built in code, compiled from text, or read back from base64. */
export interface PackedExpression {
  /** The expression in the server's MessagePack form. */
  readonly packed: Uint8Array;
}
