import { ListWriteFlags, type MapOrder, MapWriteFlags } from "../../../protocol/cdt/flags.js";
import { checkOptions, type OptionNames } from "../../../protocol/check/check-options.js";

/** How a list takes a value. */
export interface ListWriteOptions {
  /** Refuse a value that the list holds already (result code 24). Default: false. */
  readonly unique?: boolean;
  /** Refuse an index beyond the end (result code 26) instead of padding with nil. Default: false. */
  readonly bounded?: boolean;
  /** A refused value is no error. Default: false. */
  readonly noFail?: boolean;
}

/** How a list takes several values. */
export interface ListItemsOptions extends ListWriteOptions {
  /** With `noFail`, take those values that are not refused; without it, take all or none. Default: false. */
  readonly partial?: boolean;
}

/** How a map is created by an operation that finds none. */
export interface MapCreateOptions {
  /** Default: unordered. */
  readonly order?: MapOrder;
  /** Keep an index of the map in storage. Only where the map is the bin itself. Default: false. */
  readonly persistIndex?: boolean;
}

/** What becomes of an entry that a map refuses. */
export interface EntryWriteOptions {
  /** A refused entry is no error. Default: false. */
  readonly noFail?: boolean;
}

/** How a map takes an entry. */
export interface MapWriteOptions extends MapCreateOptions, EntryWriteOptions {}

/** How a map takes several entries. */
export interface MapItemsOptions extends MapWriteOptions {
  /** With `noFail`, take those entries that are not refused; without it, take all or none. Default: false. */
  readonly partial?: boolean;
}

const LIST_WRITE: OptionNames<ListWriteOptions> = { unique: true, bounded: true, noFail: true };
const LIST_ITEMS: OptionNames<ListItemsOptions> = { ...LIST_WRITE, partial: true };
const MAP_CREATE: OptionNames<MapCreateOptions> = { order: true, persistIndex: true };
const MAP_WRITE: OptionNames<MapWriteOptions> = { ...MAP_CREATE, noFail: true };
const MAP_ITEMS: OptionNames<MapItemsOptions> = { ...MAP_WRITE, partial: true };

// These throw a TypeError for an option that does not exist.

/** The flags of a write of one value; undefined without options. */
export function listWriteFlags(method: string, options: ListWriteOptions | undefined): number | undefined {
  if (options === undefined) return undefined;
  checkOptions(method, options, LIST_WRITE);
  return listFlags(options);
}

/** The flags of a write of several values; undefined without options. */
export function listItemsFlags(method: string, options: ListItemsOptions | undefined): number | undefined {
  if (options === undefined) return undefined;
  checkOptions(method, options, LIST_ITEMS);
  return listFlags(options);
}

export function checkMapCreate(method: string, options: MapCreateOptions): void {
  checkOptions(method, options, MAP_CREATE);
}

/** The flags of a write of the entry that was selected. */
export function entryWriteFlags(method: string, options: EntryWriteOptions): number {
  checkOptions<EntryWriteOptions>(method, options, { noFail: true });
  return mapFlags(options);
}

/** The flags of a write of one entry. */
export function mapWriteFlags(method: string, options: MapWriteOptions): number {
  checkOptions(method, options, MAP_WRITE);
  return mapFlags(options);
}

/** The flags of a write of several entries. */
export function mapItemsFlags(method: string, options: MapItemsOptions): number {
  checkOptions(method, options, MAP_ITEMS);
  return mapFlags(options);
}

function listFlags(options: ListItemsOptions): number {
  return (
    (options.unique ? ListWriteFlags.ADD_UNIQUE : 0) |
    (options.bounded ? ListWriteFlags.INSERT_BOUNDED : 0) |
    (options.noFail ? ListWriteFlags.NO_FAIL : 0) |
    (options.partial ? ListWriteFlags.PARTIAL : 0)
  );
}

function mapFlags(options: MapItemsOptions): number {
  return (options.noFail ? MapWriteFlags.NO_FAIL : 0) | (options.partial ? MapWriteFlags.PARTIAL : 0);
}
