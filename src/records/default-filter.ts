import type { AelParam } from "../../ael/params.js";
import { type FilterSource, toFilter } from "../ael/filter.js";
import type { Exp } from "../exp/exp.js";

/** The condition of a chain: text means what the bins of each segment's records are known to hold. */
export class DefaultFilter {
  readonly #source: FilterSource;
  readonly #params: readonly AelParam[];
  #doubles: ReadonlySet<string> | undefined;
  #latest: Exp<"bool">;

  /** @throws AelParseError for text that is wrong for the first of the segments; TypeError for what is no condition */
  constructor(source: FilterSource, params: readonly AelParam[], doubles: ReadonlySet<string> | undefined) {
    this.#source = source;
    this.#params = params;
    this.#doubles = doubles;
    this.#latest = toFilter(source, params, "defaultWhere", doubles);
  }

  /** The condition for records in which these bins hold DOUBLE. */
  of(doubles: ReadonlySet<string> | undefined): Exp<"bool"> {
    if (doubles !== this.#doubles) {
      this.#doubles = doubles;
      this.#latest = toFilter(this.#source, this.#params, "defaultWhere", doubles);
    }
    return this.#latest;
  }
}
