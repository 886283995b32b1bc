import { defaultsOf, SegmentBuilder, type SegmentTerms } from "./segment-builder.js";

/**
 * Whether a record that is deleted leaves a tombstone, so that it can't come back from a node that was away. Without a
 * word, the behavior of the session decides.
 */
export abstract class DurableDelete extends SegmentBuilder {
  /** Deleted records leave a tombstone. Enterprise Edition; other servers refuse it for each record. */
  withDurableDelete(): this {
    this.terms.durableDelete = true;
    return this;
  }

  /** Deleted records leave no tombstone. Strong-consistency namespaces refuse that unless configured otherwise. */
  withoutDurableDelete(): this {
    this.terms.durableDelete = false;
    return this;
  }

  /** As `withDurableDelete`, for all of a chain that does not say `withoutDurableDelete`. */
  defaultWithDurableDelete(): this {
    defaultsOf(this.terms).durableDelete = true;
    return this;
  }

  /** As `withoutDurableDelete`, for all of a chain that does not say `withDurableDelete`. */
  defaultWithoutDurableDelete(): this {
    defaultsOf(this.terms).durableDelete = false;
    return this;
  }
}

/** The caller's word for this command, else the caller's default; undefined when there is neither. */
export function durableDeleteOf(terms: SegmentTerms): boolean | undefined {
  return terms.durableDelete ?? terms.defaults?.durableDelete;
}
