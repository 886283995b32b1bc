import { type Op, OpCode } from "../../../protocol/message/op.js";
import { double as doubleValue } from "../../../protocol/value/double.js";
import { GeoJson } from "../../../protocol/value/geojson.js";
import { Hll } from "../../../protocol/value/hll.js";
import type { Value } from "../../../protocol/value/value.js";
import { int, list, text } from "./packing.js";
import type { Random } from "./random.js";
import { AEL_BINS } from "./random-ael.js";
import type { AelType } from "./random-ael-path.js";
import { randomBlob, randomDouble, randomGeoJson, randomInteger, randomString } from "./random-value.js";

/** Writes that fill a record with what random texts read: bins mostly of their types, some missing, `x` of any type. */
export function aelRecord(random: Random, sketches: readonly Uint8Array[]): Op[] {
  const ofType = (type: AelType): Value => randomValue(random, type, sketches);
  const ops: Op[] = [];
  for (const [type, names] of Object.entries(AEL_BINS) as [AelType, readonly string[]][]) {
    for (const bin of names) {
      if (bin === "y" || bin === "z" || random.oneIn(10)) continue;
      const isOther = random.oneIn(15);
      const value =
        bin === "n" ? integers(random) : bin === "w" ? words(random) : ofType(isOther ? anyType(random) : type);
      ops.push({ code: OpCode.WRITE, bin, value });
    }
  }
  ops.push({ code: OpCode.WRITE, bin: "x", value: ofType(anyType(random)) });
  // Paths change only what is not ordered, within either: servers can go down over others.
  ops.push(literal("y", list(int(126), list(...Array.from({ length: random.below(6) }, () => plain(random))))));
  ops.push(literal("z", plainMap(random)));
  return ops;
}

function literal(bin: string, packed: Uint8Array): Op {
  return { code: OpCode.EXP_MODIFY, bin, payload: list(packed, int(0)) };
}

function plain(random: Random): Uint8Array {
  return random.oneIn(5) ? text(random.pick(["a", "b", "lo"])) : int(random.between(-3, 9));
}

function plainMap(random: Random): Uint8Array {
  const entries = ["a", "b", "c"].filter(() => random.oneIn(2)).flatMap((key) => [text(key), plain(random)]);
  return Uint8Array.of(0x80 + entries.length / 2, ...entries.flatMap((each) => [...each]));
}

function anyType(random: Random): AelType {
  return random.pick(Object.keys(AEL_BINS) as AelType[]);
}

function integers(random: Random): Value {
  return Array.from({ length: random.below(6) }, () => random.between(-3, 9));
}

function words(random: Random): Value {
  return Array.from({ length: random.below(5) }, () => randomString(random));
}

function randomValue(random: Random, type: AelType, sketches: readonly Uint8Array[], depth = 2): Value {
  switch (type) {
    case "int":
      return random.oneIn(3) ? randomInteger(random) : BigInt(random.between(-3, 9));
    case "float":
      return doubleValue(random.oneIn(3) ? randomDouble(random) : random.between(-12, 20) / 4);
    case "string":
      return randomString(random);
    case "bool":
      return random.oneIn(2);
    case "blob":
      return randomBlob(random);
    case "geo":
      return new GeoJson(randomGeoJson(random));
    case "hll":
      return new Hll(random.pick(sketches));
    case "list":
      return Array.from({ length: random.below(6) }, () => element(random, depth));
    case "map": {
      const keys = ["a", "b", "l", "c d", 5n, -1n].filter(() => random.oneIn(2));
      return new Map(keys.map((key) => [key, element(random, depth)]));
    }
  }
}

function element(random: Random, depth: number): Value {
  const types = ["int", "int", "int", "string", "string", "float", "bool", "blob"] as const;
  if (depth > 0 && random.oneIn(4)) return randomValue(random, random.pick(["list", "map"]), [], depth - 1);
  const type = random.pick(types);
  // A NaN has no place in an order.
  if (type === "float") return doubleValue(random.between(-12, 20) / 4);
  return random.oneIn(20) ? null : randomValue(random, type, []);
}
