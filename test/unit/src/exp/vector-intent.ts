import { CTX } from "../../../../protocol/cdt/context.js";
import { ListReturnType, MapReturnType } from "../../../../protocol/cdt/flags.js";
import type { ExpType } from "../../../../protocol/exp/exp-type.js";
import { double } from "../../../../protocol/value/double.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { Exp } from "../../../../src/exp/exp.js";

// The intents of the recorded exchanges, built with the factories of Exp. Nothing is typed here: the intents are JSON.
type Json = never;
// biome-ignore lint/suspicious/noExplicitAny: intents are JSON, and the factories are called by name.
type Any = any;

const factories: Record<string, (...args: Any[]) => Exp> = Exp as Any;

/** Names of operations whose arguments are all expressions. */
const OPERATIONS: Record<string, [name: string, spread: boolean]> = {
  eq: ["eq", true],
  ne: ["ne", true],
  gt: ["gt", true],
  ge: ["ge", true],
  lt: ["lt", true],
  le: ["le", true],
  geo_compare: ["geoCompare", true],
  in_list: ["inList", true],
  and: ["and", false],
  or: ["or", false],
  not: ["not", true],
  exclusive: ["xor", false],
  add: ["numAdd", false],
  sub: ["numSub", false],
  mul: ["numMul", false],
  div: ["numDiv", false],
  pow: ["numPow", true],
  log: ["numLog", true],
  mod: ["numMod", true],
  abs: ["numAbs", true],
  floor: ["numFloor", true],
  ceil: ["numCeil", true],
  to_int: ["toInt", true],
  to_float: ["toFloat", true],
  int_and: ["intAnd", false],
  int_or: ["intOr", false],
  int_xor: ["intXor", false],
  int_not: ["intNot", true],
  int_lshift: ["intLshift", true],
  int_rshift: ["intRshift", true],
  int_arshift: ["intArshift", true],
  int_count: ["intCount", true],
  int_lscan: ["intLscan", true],
  int_rscan: ["intRscan", true],
  min: ["min", false],
  max: ["max", false],
  device_size: ["deviceSize", true],
  memory_size: ["memorySize", true],
  record_size: ["recordSize", true],
  last_update: ["lastUpdate", true],
  since_update: ["sinceUpdate", true],
  void_time: ["voidTime", true],
  ttl: ["ttl", true],
  set_name: ["setName", true],
  key_exists: ["keyExists", true],
  is_tombstone: ["isTombstone", true],
  map_keys: ["mapKeys", true],
  map_values: ["mapValues", true],
  remove_result: ["removeResult", true],
  unknown: ["unknown", true],
};

export function value(typed: Any): Any {
  const [kind] = Object.keys(typed);
  switch (kind) {
    case "int": {
      const number = Number(typed.int);
      return Number.isSafeInteger(number) ? number : BigInt(typed.int);
    }
    case "double":
      return double(Number(typed.double));
    case "string":
      return typed.string;
    case "blob":
      return Uint8Array.from(Buffer.from(typed.blob, "hex"));
    case "bool":
      return typed.bool;
    case "nil":
      return null;
    case "list":
      return typed.list.map(value);
    case "map":
      return new Map(typed.map.map(([key, each]: [Any, Any]) => [value(key), value(each)]));
    case "geojson":
      return new GeoJson(typed.geojson);
    case "hll":
      return new Hll(Uint8Array.from(Buffer.from(typed.hll, "hex")));
    default:
      throw new Error(`unknown typed value ${kind}`);
  }
}

function typeName(name: string): ExpType {
  return (name === "geojson" ? "geo" : name) as ExpType;
}

export function build(intent: Any): Exp {
  if (!Array.isArray(intent)) return Exp.val(value(intent));
  const [name, ...args] = intent;
  const operation = OPERATIONS[name];
  if (operation !== undefined) {
    const built = args.map(build);
    const factory = factories[operation[0]]!;
    return operation[1] ? factory(...built) : factory(built);
  }
  switch (name) {
    case "bin":
      return Exp.bin(args[1], typeName(args[0]));
    case "bin_type":
      return Exp.binType(args[0]);
    case "rec_key":
      return Exp.key(args[0]);
    case "regex":
      return Exp.regexCompare(args[1], args[0], build(args[2]) as Any);
    case "digest_modulo":
      return Exp.digestModulo(args[0]);
    case "let":
      return Exp.let([...args[0].map(([id, each]: [string, Any]) => Exp.def(id, build(each))), build(args[1])] as Any);
    case "var":
      return Exp.var(args[0]);
    case "cond":
      return Exp.cond(args.map(build) as Any);
    case "loop_var":
      return Exp.loopVar(typeName(args[0]), args[1].toLowerCase());
    case "raw":
      return Exp.fromBytes(Uint8Array.from(Buffer.from(args[0], "hex")));
    case "path.select":
      return Exp.selectByPath(
        typeName(args[0].type) as Any,
        args[0].flags,
        build(args[0].bin) as Any,
        ...path(args[0].ctx),
      );
    case "path.modify":
      return Exp.modifyByPath(build(args[0].exp) as Any, build(args[0].bin) as Any, ...path(args[0].ctx));
    default:
      return call(name, args[0]);
  }
}

function path(steps: Any[] | undefined): CTX[] {
  return (steps ?? []).map((step): CTX => {
    switch (step.type) {
      case "list_index":
        return CTX.listIndex(step.value.int === undefined ? step.value : Number(step.value.int));
      case "map_key":
        return CTX.mapKey(value(step.value));
      case "exp":
        return step.exp === undefined ? CTX.allChildren() : CTX.allChildrenWithFilter(build(step.exp));
      default:
        throw new Error(`unknown step ${step.type}`);
    }
  });
}

function param(given: Any): Any {
  return Array.isArray(given) ? build(given) : value(given);
}

/** Names of calls in the intents → factory and its arguments, in order; the bin and the context come last. */
const CALLS: Record<string, [factory: string, ...args: string[]]> = {
  "list.size": ["listSize"],
  "list.getByIndex": ["listGetByIndex", "rt", "vt", "index"],
  "list.getByIndexRange": ["listGetByIndexRange", "rt", "index", "count?"],
  "list.getByRank": ["listGetByRank", "rt", "vt", "rank"],
  "list.getByRankRange": ["listGetByRankRange", "rt", "rank", "count?"],
  "list.getByValue": ["listGetByValue", "rt", "value"],
  "list.getByValueList": ["listGetByValueList", "rt", "values"],
  "list.getByValueRange": ["listGetByValueRange", "rt", "begin", "end"],
  "list.getByValueRelRankRange": ["listGetByValueRelativeRankRange", "rt", "value", "rank", "count?"],
  "list.append": ["listAppend", "policy", "value"],
  "list.appendItems": ["listAppendItems", "policy", "values"],
  "list.insert": ["listInsert", "flags", "index", "value"],
  "list.insertItems": ["listInsertItems", "flags", "index", "values"],
  "list.set": ["listSet", "flags", "index", "value"],
  "list.increment": ["listIncrement", "policy", "index", "value"],
  "list.sort": ["listSort", "flags"],
  "list.clear": ["listClear"],
  "list.removeByValue": ["listRemoveByValue", "rt", "value"],
  "list.removeByValueList": ["listRemoveByValueList", "rt", "values"],
  "list.removeByValueRange": ["listRemoveByValueRange", "rt", "begin", "end"],
  "list.removeByValueRelRankRange": ["listRemoveByValueRelativeRankRange", "rt", "value", "rank", "count?"],
  "list.removeByIndex": ["listRemoveByIndex", "index"],
  "list.removeByIndexRange": ["listRemoveByIndexRange", "rt", "index", "count?"],
  "list.removeByRank": ["listRemoveByRank", "rank"],
  "list.removeByRankRange": ["listRemoveByRankRange", "rt", "rank", "count?"],
  "map.size": ["mapSize"],
  "map.getByKey": ["mapGetByKey", "rt", "vt", "key"],
  "map.getByKeyRange": ["mapGetByKeyRange", "rt", "begin", "end"],
  "map.getByKeyList": ["mapGetByKeyList", "rt", "keys"],
  "map.getByKeyRelIndexRange": ["mapGetByKeyRelativeIndexRange", "rt", "key", "index", "count?"],
  "map.getByValue": ["mapGetByValue", "rt", "value"],
  "map.getByValueRange": ["mapGetByValueRange", "rt", "begin", "end"],
  "map.getByValueList": ["mapGetByValueList", "rt", "values"],
  "map.getByValueRelRankRange": ["mapGetByValueRelativeRankRange", "rt", "value", "rank", "count?"],
  "map.getByIndex": ["mapGetByIndex", "rt", "vt", "index"],
  "map.getByIndexRange": ["mapGetByIndexRange", "rt", "index", "count?"],
  "map.getByRank": ["mapGetByRank", "rt", "vt", "rank"],
  "map.getByRankRange": ["mapGetByRankRange", "rt", "rank", "count?"],
  "map.put": ["mapPut", "mapPolicy", "key", "value"],
  "map.putItems": ["mapPutItems", "mapPolicy", "items"],
  "map.increment": ["mapIncrement", "mapPolicy", "key", "value"],
  "map.clear": ["mapClear"],
  "map.removeByKey": ["mapRemoveByKey", "key"],
  "map.removeByKeyList": ["mapRemoveByKeyList", "rt", "keys"],
  "map.removeByKeyRange": ["mapRemoveByKeyRange", "rt", "begin", "end"],
  "map.removeByKeyRelIndexRange": ["mapRemoveByKeyRelativeIndexRange", "rt", "key", "index", "count?"],
  "map.removeByValue": ["mapRemoveByValue", "rt", "value"],
  "map.removeByValueList": ["mapRemoveByValueList", "rt", "values"],
  "map.removeByValueRange": ["mapRemoveByValueRange", "rt", "begin", "end"],
  "map.removeByValueRelRankRange": ["mapRemoveByValueRelativeRankRange", "rt", "value", "rank", "count?"],
  "map.removeByIndex": ["mapRemoveByIndex", "index"],
  "map.removeByIndexRange": ["mapRemoveByIndexRange", "rt", "index", "count?"],
  "map.removeByRank": ["mapRemoveByRank", "rank"],
  "map.removeByRankRange": ["mapRemoveByRankRange", "rt", "rank", "count?"],
  "bit.get": ["bitGet", "bitOffset", "bitSize"],
  "bit.count": ["bitCount", "bitOffset", "bitSize"],
  "bit.lscan": ["bitLscan", "bitOffset", "bitSize", "value"],
  "bit.rscan": ["bitRscan", "bitOffset", "bitSize", "value"],
  "bit.getInt": ["bitGetInt", "bitOffset", "bitSize", "signed"],
  "bit.resize": ["bitResize", "flags", "byteSize", "resizeFlags"],
  "bit.insert": ["bitInsert", "flags", "byteOffset", "value"],
  "bit.remove": ["bitRemove", "flags", "byteOffset", "byteSize"],
  "bit.set": ["bitSet", "flags", "bitOffset", "bitSize", "value"],
  "bit.or": ["bitOr", "flags", "bitOffset", "bitSize", "value"],
  "bit.xor": ["bitXor", "flags", "bitOffset", "bitSize", "value"],
  "bit.and": ["bitAnd", "flags", "bitOffset", "bitSize", "value"],
  "bit.not": ["bitNot", "flags", "bitOffset", "bitSize"],
  "bit.lshift": ["bitLshift", "flags", "bitOffset", "bitSize", "shift"],
  "bit.rshift": ["bitRshift", "flags", "bitOffset", "bitSize", "shift"],
  "bit.add": ["bitAdd", "bitOffset", "bitSize", "value", "bitOptions"],
  "bit.subtract": ["bitSubtract", "bitOffset", "bitSize", "value", "bitOptions"],
  "bit.setInt": ["bitSetInt", "flags", "bitOffset", "bitSize", "value"],
  "hll.getCount": ["hllGetCount"],
  "hll.describe": ["hllDescribe"],
  "hll.mayContain": ["hllMayContain", "values"],
  "hll.add": ["hllAdd", "flags", "values", "hllBits"],
  "hll.init": ["hllInit", "flags", "hllBits"],
  "hll.getUnion": ["hllGetUnion", "values"],
  "hll.getUnionCount": ["hllGetUnionCount", "values"],
  "hll.getSimilarity": ["hllGetSimilarity", "values"],
  "hll.getIntersectCount": ["hllGetIntersectCount", "values"],
};

function call(name: string, given: Any): Exp {
  const [factory, ...args] = CALLS[name] ?? [];
  if (factory === undefined) throw new Error(`unknown call ${name}`);
  let called = factory;
  const values: Any[] = [];
  for (const arg of args) {
    if (arg === "count?") {
      if (given.count === undefined) continue;
      called += "Count";
      values.push(param(given.count));
    } else values.push(argument(arg, name, given));
  }
  return factories[called]!(...values, build(given.bin), ...path(given.ctx));
}

function argument(arg: string, name: string, given: Any): Any {
  switch (arg) {
    case "rt": {
      const types: Record<string, number> = name.startsWith("list") ? ListReturnType : MapReturnType;
      return (types[given.returnType ?? "NONE"] ?? 0) + (given.inverted === true ? ListReturnType.INVERTED : 0);
    }
    case "vt":
      return typeName(given.valueType ?? "int");
    case "policy":
      return given.policy === undefined ? undefined : { order: 0, flags: given.policy.writeFlags };
    case "mapPolicy":
      return given.policy === undefined ? undefined : { order: 1, flags: given.policy.writeFlags };
    case "flags":
      return given.flags;
    case "resizeFlags":
      return given.resizeFlags ?? 0;
    case "signed":
      return given.signed ?? false;
    case "bitOptions":
      return given.overflow === "WRAP" ? { overflow: 4 } : undefined;
    case "hllBits":
      return { indexBits: given.indexBits, minhashBits: given.minhashBits };
    case "values":
    case "keys":
      return given[arg].map(value);
    case "items":
      return value(given.items);
    default:
      return param(given[arg]);
  }
}

export type { Json };
