import type { AnyInteger } from "../../protocol/bytes/utf8.js";
import type { CTX } from "../../protocol/cdt/context.js";
import type { MapReturnType } from "../../protocol/cdt/flags.js";
import type { ExpKind, ExpType } from "../../protocol/exp/exp-type.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import type { INFINITY } from "../../protocol/value/special.js";
import type { MapKey, Value } from "../../protocol/value/value.js";
import type { Expression } from "./expression.js";

// Arguments of collection calls may be plain values or expressions.

export type IntArg = AnyInteger | Expression<"int">;
export type BoolArg = boolean | Expression<"bool">;
export type BlobArg = Uint8Array | Expression<"blob">;
/** A value to search with. */
export type SearchArg = SearchValue | Expression<ExpKind>;
/** A value to store. */
export type ValueArg = Value | Expression<ExpType>;
/** An end of a range of keys. */
export type KeyBoundArg = KeyArg | null | typeof INFINITY | Expression<"nil" | "special">;
export type KeyArg = MapKey | Expression<"int" | "string" | "blob">;
export type SearchListArg = readonly SearchValue[] | Expression<"list">;
export type ValueListArg = readonly Value[] | Expression<"list">;
export type KeyListArg = readonly MapKey[] | Expression<"list">;

export type StringArg = string | Expression<"string">;

/** A string, or what may hold one. */
export type StringHolder = "string" | Container;

/** The context of a call on a string: needed where the value is a list or map. */
export type StringPlace<C extends StringHolder> = [C] extends ["string"] ? readonly [] : readonly [CTX, ...CTX[]];

/** Lists and maps: what may hold what a call works on. */
export type Container = "list" | "map";

/** The context of a call: needed where the bin is not of the kind that the call works on. */
export type In<Own extends Container, C extends Container> = [C] extends [Own]
  ? readonly CTX[]
  : readonly [CTX, ...CTX[]];

type Places =
  | typeof MapReturnType.INDEX
  | typeof MapReturnType.REVERSE_INDEX
  | typeof MapReturnType.RANK
  | typeof MapReturnType.REVERSE_RANK;
type Maps = typeof MapReturnType.KEY_VALUE | typeof MapReturnType.UNORDERED_MAP | typeof MapReturnType.ORDERED_MAP;
type Elements = typeof MapReturnType.VALUE | typeof MapReturnType.KEY;

/** Type of a read of one element, `V` being that of the element; open when the return type is not known to the compiler. */
export type One<R extends number, V extends ExpKind> = number extends R
  ? never
  : R extends Elements
    ? V
    : R extends Places | typeof MapReturnType.COUNT
      ? "int"
      : R extends typeof MapReturnType.EXISTS
        ? "bool"
        : R extends Maps
          ? "map"
          : "list";

/** Type of a read of several elements. */
export type Many<R extends number> = number extends R
  ? never
  : R extends typeof MapReturnType.COUNT
    ? "int"
    : R extends typeof MapReturnType.EXISTS
      ? "bool"
      : R extends Maps
        ? "map"
        : "list";
