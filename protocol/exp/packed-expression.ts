/** An expression ready to travel: built in code, compiled from text, or read back from base64. */
export interface PackedExpression {
  /** The expression in the server's MessagePack form. */
  readonly packed: Uint8Array;
  /** The oldest server that can evaluate it, such as `"8.1.1"`, where that is known. */
  readonly minVersion?: string;
  /** What in it needs that server, in words. */
  readonly neededFor?: string;
}
