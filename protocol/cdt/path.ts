/** What a path read returns; server 8.1.1 and newer. */
export const PathSelectFlags = {
  /** The bin with only the matching places in it. */
  MATCHING_TREE: 0,
  /** A list of the values. */
  VALUES: 1,
  /** A list of the map keys. */
  MAP_KEYS: 2,
  /** A flat list: key, value, key, value, … */
  MAP_KEY_VALUES: 3,
} as const;
export type PathSelectFlags = (typeof PathSelectFlags)[keyof typeof PathSelectFlags];

/** How a path deals with places that it can't work out. */
export interface PathOptions {
  /** Skip the places where an expression can't be worked out, instead of failing. Default: false. */
  readonly noFail?: boolean;
}

/** Flag of a path on the wire: places that can't be worked out are skipped. */
export const PATH_NO_FAIL = 0x10;
