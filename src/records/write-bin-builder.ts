import { type Op, OpCode } from "../../protocol/message/op.js";
import type { Value } from "../../protocol/value/value.js";
import { parseAel } from "../ael/compile.js";
import { BinWrites } from "./bins/index.js";

/**
 * What a write can do to one bin: every write, and a read of what has become of it. Each method adds one operation and
 * answers the builder that the bin was named on.
 *
 * @typeParam V what the bin holds
 */
export class WriteBinBuilder<P, V = Value> extends BinWrites<P, V> {
  /** @internal */
  constructor(bin: string, add: (op: Op) => P) {
    super(bin, add, (text) => parseAel(text));
  }

  /**
   * Reads the bin, as the operations before have left it.
   * @example
   * const stream = await session.upsert(users.id(1)).bin("visits").add(1).bin("visits").get().execute();
   * (await stream.firstOrThrow()).record?.bins.visits;
   */
  get(): P {
    return this.place.add({ code: OpCode.READ, bin: this.place.bin });
  }
}
