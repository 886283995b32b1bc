import { checkInteger } from "../../../protocol/check/check-numbers.js";
import { SegmentBuilder } from "./segment-builder.js";

/** Generations count from 1 to this, then from 1 again. */
const MAX_GENERATION = 0xffff;

/** The condition that nobody has changed the record meanwhile. */
export abstract class Generation extends SegmentBuilder {
  /**
   * Only when the record still has this generation, otherwise GenerationError.
   * @param generation 1 to 65535, as read from the record
   * @example
   * const record = await session.get(key);
   * await session.update(key).put({ name: "Ada" }).ensureGenerationIs(record.generation).execute();
   */
  ensureGenerationIs(generation: number): this {
    checkInteger("generation", generation, 1, MAX_GENERATION);
    this.terms.generation = { expect: "equal", generation };
    return this;
  }
}
