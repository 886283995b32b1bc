import { parseGeometry } from "./geometry.js";

/** What a reply carries beside the JSON text of a bin. */
export interface GeoCells {
  readonly isRegion: boolean;
  /** Cells that cover it: of a point, the one that holds it. */
  readonly ids: readonly bigint[];
}

export function geoCells(json: Uint8Array): GeoCells {
  const geometry = parseGeometry(json);
  if (geometry === undefined) return { isRegion: false, ids: [] };
  return geometry.kind === "point" ? { isRegion: false, ids: [geometry.cellId] } : { isRegion: true, ids: [] };
}
