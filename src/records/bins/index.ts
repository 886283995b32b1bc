export type { AnyReads, BitReads, HllReads, SelectFromOptions } from "./bin-reads.js";
export type { AnyWrites, ExpressionWriteOptions, GeoWrites, NumberWrites, TextWrites } from "./bin-writes.js";
export type {
  BitArithmeticOptions,
  BitCreateOptions,
  BitIntegerOptions,
  BitResizeOptions,
  BitStretchOptions,
  BitWrites,
} from "./bit-writes.js";
export type { ListReads, MapReads } from "./content-reads.js";
export type { ElementReads, EntryReads, OtherElementReads, OtherEntryReads } from "./element-reads.js";
export { HllConfig } from "./hll-config.js";
export type { HllAddOptions, HllInitOptions, HllUnionOptions, HllWrites } from "./hll-writes.js";
export type { ListCreateOptions, ListWrites } from "./list-writes.js";
export type { MapWrites } from "./map-writes.js";
export type { ListNavigation, MapNavigation, OnListIndexOptions, OnMapKeyOptions } from "./navigation.js";
export type {
  ElementRemoval,
  ElementSetting,
  EntryRemoval,
  EntrySetting,
  ListRemoval,
  MapRemoval,
  NumberSetting,
  OtherElementRemoval,
  OtherEntryRemoval,
  Removed,
  RemoveOptions,
} from "./nested-writes.js";
export type { Did, Found, Next, NextIs, NoBin } from "./next.js";
export type {
  OperateBin,
  OperateElement,
  OperateElements,
  OperateEntries,
  OperateEntry,
  OperateIndex,
  OperateKey,
  OperatePath,
  OperateStep,
} from "./operate-bin.js";
export type {
  ChildrenOptions,
  EachChild,
  KeysIn,
  PathKeyReads,
  PathListSteps,
  PathMapSteps,
  PathNarrowing,
  PathReads,
  PathSteps,
  PathWrites,
} from "./paths.js";
export type {
  ReadBin,
  ReadElement,
  ReadElements,
  ReadEntries,
  ReadEntry,
  ReadPath,
  ReadStep,
} from "./read-bin.js";
export type { FindOptions, NumericType, StringReads } from "./string-reads.js";
export type { StringCreateOptions, StringReplaceOptions, StringWriteOptions, StringWrites } from "./string-writes.js";
export type {
  WriteBin,
  WriteElement,
  WriteElements,
  WriteEntries,
  WriteEntry,
  WriteIndex,
  WriteKey,
  WritePath,
  WriteStep,
} from "./write-bin.js";
export type {
  EntryWriteOptions,
  ListItemsOptions,
  ListWriteOptions,
  MapCreateOptions,
  MapItemsOptions,
  MapWriteOptions,
} from "./write-options.js";
