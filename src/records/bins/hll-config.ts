import { checkHllBits, type HllBits } from "../../../protocol/cdt/hll.js";

/** Precision of a HyperLogLog sketch. */
export class HllConfig implements HllBits {
  /** 4 to 16. */
  readonly indexBits: number;
  /** -1, 0, or 4 to 51. */
  readonly minhashBits: number;

  private constructor(indexBits: number, minhashBits: number) {
    this.indexBits = indexBits;
    this.minhashBits = minhashBits;
  }

  /**
   * @param indexBits 4 to 16; the error of a count is about `1.04 / sqrt(2 ** indexBits)`
   * @param minhashBits −1 (default: the server's choice, 0 for a new sketch), 0, or 4 to 51 to estimate intersections;
   *   at most 64 together with `indexBits`
   * @throws RangeError beyond these
   * @example HllConfig.of(12, 20)
   */
  static of(indexBits: number, minhashBits = -1): HllConfig {
    const config = new HllConfig(indexBits, minhashBits);
    checkHllBits(config);
    return config;
  }
}
