import type { AelParam } from "../../../ael/params.js";
import type { GenerationCheck } from "../../../protocol/command/write-policy.js";
import { toFilter } from "../../ael/filter.js";
import type { PreparedAel } from "../../ael/prepared.js";
import type { Exp } from "../../exp/exp.js";
import { forgottenExecute, NotAwaitable } from "../../policy/not-awaitable.js";
import type { SessionContext, TransactionScope } from "../../policy/session-context.js";
import type { DefaultFilter } from "../default-filter.js";

/** What commands on keys and background tasks are told alike: which records, and what is to become of them. */
export interface SegmentTerms {
  where: Exp<"bool"> | undefined;
  /** Seconds to live or one of TimeToLive, asked for when the segment is sent; undefined when nothing was said. */
  ttl: (() => number) | undefined;
  generation: GenerationCheck | undefined;
  /** Whether deletes leave a tombstone, as the caller said for this command. */
  durableDelete: boolean | undefined;
  /**
   * What holds where the segment says nothing itself: one object for all segments of a chain, made when a method that is
   * about the whole chain is called or a second segment follows.
   */
  defaults: DefaultTerms | undefined;
}

/** What the methods whose names begin with `default` said, and those that are about the whole chain. */
export interface DefaultTerms extends Pick<SegmentTerms, "ttl" | "durableDelete"> {
  where: DefaultFilter | undefined;
  /** The transaction that the chain is part of: null for none at all, undefined for that of its session. */
  txn: TransactionScope | null | undefined;
}

/** The defaults of a chain, to be filled or shared. */
export function defaultsOf(terms: SegmentTerms): DefaultTerms {
  terms.defaults ??= { where: undefined, ttl: undefined, durableDelete: undefined, txn: undefined };
  return terms.defaults;
}

export function newTerms(): SegmentTerms {
  return { where: undefined, ttl: undefined, generation: undefined, durableDelete: undefined, defaults: undefined };
}

/**
 * What all builders share that do one thing to records, by their keys or in the background. Methods return the builder
 * itself; nothing is sent before `execute`.
 */
export abstract class SegmentBuilder extends NotAwaitable {
  // Not protected: the builders that take families of methods could not declare them again.
  /** @internal */
  abstract readonly context: SessionContext;
  /** What the methods fill. @internal */
  abstract readonly terms: SegmentTerms;
  /** Bins that hold DOUBLE in every record that is meant; undefined when none is known to. @internal */
  abstract readonly doubles: ReadonlySet<string> | undefined;
  /** What made the builder: "session.delete". @internal */
  abstract readonly call: string;

  /** @internal */
  protected override get forgotten(): string {
    return forgottenExecute(`${this.call}(…)`);
  }

  /**
   * Only records for which the expression is true: one for which it is false, or can't be decided (a missing bin, say),
   * is left alone. The expression is not asked about a record that does not exist yet. Values for `?0`, `?1`… travel as
   * values, never as text.
   * @throws AelParseError with line, column and a caret when the text is wrong; TypeError when there is a where already
   * @example .where("$.active == true and $.age > ?0", 30)
   */
  where(ael: string, ...params: readonly AelParam[]): this;
  /** Only records for which the expression is true. */
  where(expression: Exp<"bool">): this;
  /** Only records for which the prepared expression, with these values, is true. */
  where(prepared: PreparedAel, ...params: readonly AelParam[]): this;
  where(filter: string | Exp<"bool"> | PreparedAel, ...params: readonly AelParam[]): this {
    if (this.terms.where !== undefined) {
      throw new TypeError(`where() was called twice; ${this.call}(…) has one: join conditions with "and"`);
    }
    this.terms.where = toFilter(filter, params, "where", this.doubles);
    return this;
  }
}
