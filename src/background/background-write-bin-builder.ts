import type { Op } from "../../protocol/message/op.js";
import type { Value } from "../../protocol/value/value.js";
import { parseAel } from "../ael/compile.js";
import { BinWrites } from "../records/bins/index.js";

/**
 * What a background task can do to one bin: every write, no reads. Each method adds one operation and answers the
 * builder of the task.
 */
export class BackgroundWriteBinBuilder<P, V = Value> extends BinWrites<P, V> {
  /** @internal */
  constructor(bin: string, add: (op: Op) => P) {
    super(bin, add, (text) => parseAel(text));
  }
}
