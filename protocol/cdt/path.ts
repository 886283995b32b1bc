/** What a path read returns. Server 8.1.1 and newer; COUNT and EXISTS 8.2. */
export const PathSelectFlags = {
  /** The bin with only the matching places in it. */
  MATCHING_TREE: 0,
  /** A list of the values. */
  VALUES: 1,
  /** A list of the map keys. */
  MAP_KEYS: 2,
  /** A flat list: key, value, key, value, … */
  MAP_KEY_VALUES: 3,
  /** How many places there are. Needs server 8.2. */
  COUNT: 10,
  /** Whether there is one. Needs server 8.2. */
  EXISTS: 11,
} as const;
export type PathSelectFlags = (typeof PathSelectFlags)[keyof typeof PathSelectFlags];

/** How a path deals with places that it can't work out. */
export interface PathOptions {
  /** Skip the places where an expression can't be worked out, instead of failing. Default: false. */
  readonly noFail?: boolean;
}

/** The bits of a path's flags that say what it returns. */
export const PATH_RESULT_MASK = 0x0f;

/** Flag of a path on the wire: places that can't be worked out are skipped. */
export const PATH_NO_FAIL = 0x10;
