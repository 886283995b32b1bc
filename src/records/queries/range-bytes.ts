import type { Reader } from "../../../protocol/bytes/reader.js";
import type { Writer } from "../../../protocol/bytes/writer.js";
import { checkIndexFilter } from "../../../protocol/check/check-index-filter.js";
import type { IndexBounds, IndexCollection, IndexFilter, IndexTarget } from "../../../protocol/command/index-range.js";

// An index range in a cursor:
//   u8 target · its text or bytes · [context, of a bin in a nested place] · u8 collection · u8 type of the bounds · bounds
//   text and bytes: u32 length · bytes; bounds of integers: two i64, all others text or bytes

const TARGETS = ["bin", "binContext", "indexName", "expression"] as const;
const COLLECTIONS: readonly IndexCollection[] = ["default", "list", "mapKeys", "mapValues"];
const BOUNDS = ["integer", "string", "blob", "geo"] as const;

export function writeRange(w: Writer, { target, bounds, collection = "default" }: IndexFilter): void {
  if ("bin" in target) {
    w.u8(TARGETS.indexOf(target.context === undefined ? "bin" : "binContext"));
    writeText(w, target.bin);
    if (target.context !== undefined) writeBytes(w, target.context);
  } else if ("indexName" in target) {
    w.u8(TARGETS.indexOf("indexName"));
    writeText(w, target.indexName);
  } else {
    w.u8(TARGETS.indexOf("expression"));
    writeBytes(w, target.expression);
  }
  w.u8(COLLECTIONS.indexOf(collection));
  w.u8(BOUNDS.indexOf(bounds.type));
  if (bounds.type === "integer") {
    w.i64(bounds.begin);
    w.i64(bounds.end);
  } else if (bounds.type === "blob") {
    writeBytes(w, bounds.value);
  } else {
    writeText(w, bounds.value);
  }
}

/** Throws an error of any kind when it is no range. */
export function readRange(r: Reader): IndexFilter {
  const target = readTarget(r);
  const collection = COLLECTIONS[r.u8()];
  if (collection === undefined) throw new RangeError("no such collection");
  const range = { target, collection, bounds: readBounds(r) };
  checkIndexFilter(range);
  return range;
}

function readTarget(r: Reader): IndexTarget {
  switch (TARGETS[r.u8()]) {
    case "bin":
      return { bin: readText(r) };
    case "binContext":
      return { bin: readText(r), context: r.copy(r.u32()) };
    case "indexName":
      return { indexName: readText(r) };
    case "expression":
      return { expression: r.copy(r.u32()) };
    default:
      throw new RangeError("no such target");
  }
}

function readBounds(r: Reader): IndexBounds {
  const type = BOUNDS[r.u8()];
  switch (type) {
    case "integer":
      return { type, begin: r.integer(), end: r.integer() };
    case "blob":
      return { type, value: r.copy(r.u32()) };
    case "string":
    case "geo":
      return { type, value: readText(r) };
    default:
      throw new RangeError("no such bounds");
  }
}

function writeText(w: Writer, text: string): void {
  const at = w.gap(4);
  w.patchU32(at, w.utf8(text));
}

function writeBytes(w: Writer, bytes: Uint8Array): void {
  w.u32(bytes.length);
  w.bytes(bytes);
}

function readText(r: Reader): string {
  return r.utf8(r.u32());
}
