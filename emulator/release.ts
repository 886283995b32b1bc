/**
 * The servers that a node can be: what it does, not what it says that it is. `"8.2"` is made from what is public of that
 * server and its clients, and was never compared with one.
 */
export type Release = "8.1" | "8.2";
