import { CTX } from "../../../../protocol/cdt/context.js";
import { INVERTED, ListReturnType, MapReturnType } from "../../../../protocol/cdt/flags.js";
import { Exp } from "../../../../src/exp/exp.js";

// Short names, so that an expected expression reads like the dump it stands for.

export const { VALUE, COUNT, EXISTS, INDEX, RANK, REVERSE_INDEX, REVERSE_RANK } = ListReturnType;
export const { KEY, KEY_VALUE, ORDERED_MAP, UNORDERED_MAP } = MapReturnType;
export { CTX, Exp, INVERTED };

export const int = (name: string) => Exp.intBin(name);
export const float = (name: string) => Exp.floatBin(name);
export const str = (name: string) => Exp.stringBin(name);
export const bool = (name: string) => Exp.boolBin(name);
export const blob = (name: string) => Exp.blobBin(name);
export const list = (name: string) => Exp.listBin(name);
export const map = (name: string) => Exp.mapBin(name);
export const geo = (name: string) => Exp.geoBin(name);
export const hll = (name: string) => Exp.hllBin(name);
export const i = (value: number | bigint) => Exp.intVal(value);
export const f = (value: number) => Exp.floatVal(value);
export const s = (value: string) => Exp.stringVal(value);

export const hex = (exp: Exp): string => Buffer.from(exp.packed).toString("hex");
