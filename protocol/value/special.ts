/** Stands for any value when a list or map operation compares: `[1, WILDCARD]` matches every pair that starts with 1. Never stored. */
export const WILDCARD = Symbol.for("aerowire.wildcard");
/** Greater than every storable value: the open upper end of a range. Never stored. */
export const INFINITY = Symbol.for("aerowire.infinity");
/** The two values that exist only to compare with. */
export type Special = typeof WILDCARD | typeof INFINITY;
