export type { BinReads, SelectFromOptions } from "./bin-reads.js";
export { BinWrites, BinWritesOf, type ExpressionWriteOptions } from "./bin-writes.js";
export type {
  BitArithmeticOptions,
  BitCreateOptions,
  BitIntegerOptions,
  BitResizeOptions,
  BitStretchOptions,
} from "./bit-writes.js";
export type { ContentReads, ElementReads, EntryReads, OtherElementReads, OtherEntryReads } from "./element-reads.js";
export { HllConfig } from "./hll-config.js";
export type { HllAddOptions, HllInitOptions, HllUnionOptions } from "./hll-writes.js";
export type { ListCreateOptions } from "./list-writes.js";
export type { OnListIndexOptions, OnMapKeyOptions } from "./navigation.js";
export {
  type ListRemoval,
  type MapRemoval,
  MatchWrites,
  NestedWrites,
  RangeWrites,
  type RemoveOptions,
  SettableWrites,
  type WriteSelections,
} from "./nested-writes.js";
export { type OperateBin, type OperateSelections, operateBin } from "./operate-bin.js";
export type { MapItems } from "./place.js";
export { type ReadBin, ReadNavigation, type ReadSelections, readBin } from "./read-bin.js";
export type {
  ListItemsOptions,
  ListWriteOptions,
  MapCreateOptions,
  MapItemsOptions,
  MapWriteOptions,
} from "./write-options.js";
