import { INVERTED, MapReturnType } from "../../protocol/cdt/flags.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";
import { describe } from "../../protocol/value/invalid-value.js";

/** Type of what a read gives; `value` is that of the element, where one is read. */
export function typeOfReturn(returnType: number, value: ExpType | undefined): ExpType {
  if (!Number.isInteger(returnType))
    throw new TypeError(`the return type is ${describe(returnType)}; expected a number`);
  switch (returnType & ~INVERTED) {
    case MapReturnType.COUNT:
      return "int";
    case MapReturnType.EXISTS:
      return "bool";
    case MapReturnType.INDEX:
    case MapReturnType.REVERSE_INDEX:
    case MapReturnType.RANK:
    case MapReturnType.REVERSE_RANK:
      return value === undefined ? "list" : "int";
    case MapReturnType.VALUE:
    case MapReturnType.KEY:
      return value ?? "list";
    case MapReturnType.KEY_VALUE:
    case MapReturnType.UNORDERED_MAP:
    case MapReturnType.ORDERED_MAP:
      return "map";
    case MapReturnType.NONE:
      throw new TypeError("return type NONE gives nothing that an expression could use");
    default:
      return "list";
  }
}
