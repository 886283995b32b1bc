import type { AnyInteger } from "../bytes/utf8.js";
import type { Writer } from "../bytes/writer.js";
import { FieldType } from "../message/field-type.js";
import type { MessageWriter } from "../message/message-writer.js";
import { ParticleType } from "../value/particle-type.js";

// The where clause of a query, field INDEX_RANGE:
//   u8 ranges = 1 · u8 name length · bin name (none with INDEX_NAME or INDEX_EXPRESSION) · u8 particle type · range
//   integer              u32 8 · i64 begin · u32 8 · i64 end
//   string, blob, geo    u32 length · bytes · the same again
// around it: [INDEX_TYPE] · INDEX_RANGE · [INDEX_CONTEXT] · [INDEX_NAME] · [INDEX_EXPRESSION]

/** What of a bin an index has entries for. */
export type IndexCollection = "default" | "list" | "mapKeys" | "mapValues";

/** The entries that an index is asked for. */
export type IndexBounds =
  /** Integers from `begin` to `end`, both included. */
  | { readonly type: "integer"; readonly begin: AnyInteger; readonly end: AnyInteger }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "blob"; readonly value: Uint8Array }
  /** GeoJSON text: a region asks for the points in it, a point for the regions around it. */
  | { readonly type: "geo"; readonly value: string };

/** How the index is found. */
export type IndexTarget =
  /** By its definition: the bin, and the packed context of what inside the bin is indexed. */
  | { readonly bin: string; readonly context?: Uint8Array | undefined }
  /** By its name. Server 8.1+. */
  | { readonly indexName: string }
  /** By the packed expression that it was made with, byte for byte. Server 8.1+. */
  | { readonly expression: Uint8Array };

/** A secondary index and the range of its entries to go through. */
export interface IndexFilter {
  readonly target: IndexTarget;
  readonly bounds: IndexBounds;
  /** Default `"default"`: the whole value of the bin. */
  readonly collection?: IndexCollection | undefined;
}

const COLLECTION_CODES: Readonly<Record<IndexCollection, number>> = { default: 0, list: 1, mapKeys: 2, mapValues: 3 };

export function writeIndexFields(m: MessageWriter, filter: IndexFilter): void {
  const { target, bounds, collection = "default" } = filter;
  if (collection !== "default") m.u8Field(FieldType.INDEX_TYPE, COLLECTION_CODES[collection]);
  const at = m.beginField(FieldType.INDEX_RANGE);
  writeRange(m.writer, "bin" in target ? target.bin : "", bounds);
  m.endField(at);
  if ("bin" in target) {
    if (target.context !== undefined) m.bytesField(FieldType.INDEX_CONTEXT, target.context);
  } else if ("indexName" in target) {
    m.textField(FieldType.INDEX_NAME, target.indexName);
  } else {
    m.bytesField(FieldType.INDEX_EXPRESSION, target.expression);
  }
}

function writeRange(w: Writer, bin: string, bounds: IndexBounds): void {
  w.u8(1);
  const nameLength = w.gap(1);
  w.patchU8(nameLength, w.utf8(bin));
  switch (bounds.type) {
    case "integer":
      w.u8(ParticleType.INTEGER);
      w.u32(8);
      w.i64(bounds.begin);
      w.u32(8);
      w.i64(bounds.end);
      return;
    case "blob":
      w.u8(ParticleType.BLOB);
      writeBlob(w, bounds.value);
      writeBlob(w, bounds.value);
      return;
    default:
      w.u8(bounds.type === "geo" ? ParticleType.GEOJSON : ParticleType.STRING);
      writeText(w, bounds.value);
      writeText(w, bounds.value);
  }
}

function writeBlob(w: Writer, bytes: Uint8Array): void {
  w.u32(bytes.length);
  w.bytes(bytes);
}

function writeText(w: Writer, text: string): void {
  const length = w.gap(4);
  w.patchU32(length, w.utf8(text));
}
