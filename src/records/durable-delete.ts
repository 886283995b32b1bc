/**
 * Whether a deleted record leaves a tombstone, as said by three parties: the caller's word for this command beats the
 * caller's default, and that beats the behavior.
 */
export class DurableDelete {
  override: boolean | undefined = undefined;
  fallback: boolean | undefined = undefined;

  /** What the caller said; undefined when nothing. */
  get said(): boolean | undefined {
    return this.override ?? this.fallback;
  }
}
