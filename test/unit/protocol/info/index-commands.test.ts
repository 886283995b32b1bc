import { describe, expect, it } from "vitest";
import { decodeBase64 } from "../../../../protocol/bytes/base64.js";
import {
  type IndexDefinition,
  type IndexType,
  sindexCreate,
  sindexDelete,
  sindexList,
  sindexStat,
} from "../../../../protocol/info/index-commands.js";
import { parseIndexList, parseIndexStat } from "../../../../protocol/info/index-info.js";
import { parsePairs } from "../../../../protocol/info/pairs.js";
import { ServerVersion } from "../../../../protocol/info/server-version.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { loadVectors } from "../../../support/vectors/entry.js";

const V6 = ServerVersion.parse("6.0.0.0");
const V72 = ServerVersion.parse("7.2.0.1");
const V81 = ServerVersion.parse("8.1.0.0");

const TYPES: Readonly<Record<string, IndexType>> = {
  NUMERIC: "integer",
  STRING: "string",
  BLOB: "blob",
  GEO2DSPHERE: "geo",
};
const COLLECTIONS: Readonly<Record<string, IndexDefinition["collection"]>> = {
  LIST: "list",
  MAPKEYS: "mapKeys",
  MAPVALUES: "mapValues",
};

const BASE: IndexDefinition = {
  namespace: "test",
  setName: "s",
  indexName: "i",
  type: "integer",
  source: { bin: "b" },
};

describe("sindexCreate", () => {
  it("asks as the recorded client did", () => {
    const recorded = loadVectors("index").flatMap(({ origin, intent }) =>
      origin === "handmade" ? [] : (intent.commands ?? []).filter((command) => command.startsWith("sindex-create:")),
    );
    expect(recorded.length).toBe(26);
    for (const command of recorded) {
      const pairs = parsePairs(command.slice("sindex-create:".length));
      const context = pairs.get("context");
      const expression = pairs.get("exp");
      const definition: IndexDefinition = {
        namespace: pairs.get("namespace")!,
        setName: pairs.get("set")!,
        indexName: pairs.get("indexname")!,
        type: TYPES[pairs.get("type")!]!,
        source:
          expression === undefined
            ? { bin: pairs.get("bin")!, context: context === undefined ? undefined : decodeBase64(context) }
            : { expression: decodeBase64(expression) },
        collection: COLLECTIONS[pairs.get("indextype") ?? ""],
      };
      expect(sindexCreate(definition, V81)).toBe(command);
    }
  });

  it("asks older servers in their words", () => {
    expect(sindexCreate({ ...BASE, collection: "list" }, V6)).toBe(
      "sindex-create:ns=test;set=s;indexname=i;indextype=LIST;indexdata=b,NUMERIC",
    );
    expect(sindexCreate({ ...BASE, setName: "" }, V72)).toBe(
      "sindex-create:namespace=test;indexname=i;indexdata=b,NUMERIC",
    );
  });

  it.each([
    [{ namespace: "a;b" }, TypeError, "namespace"],
    [{ setName: "a:b" }, TypeError, "set name"],
    [{ setName: "\ud800" }, TypeError, "half a surrogate pair"],
    [{ setName: "s".repeat(64) }, RangeError, "at most 63"],
    [{ indexName: "" }, TypeError, "index name is empty"],
    [{ indexName: "i".repeat(64) }, RangeError, "at most 63"],
    [{ source: { bin: "a;b" } }, TypeError, "bin name"],
    [{ source: { bin: "b".repeat(16) } }, RangeError, "at most 15"],
    [{ source: { expression: new Uint8Array(0) } }, TypeError, "expression is empty"],
    [{ source: { bin: "b", context: new Uint8Array(1536) } }, RangeError, "at most 2047"],
    [{ source: { expression: new Uint8Array(12_288) } }, RangeError, "at most 16383"],
    [{ type: "float" as IndexType }, TypeError, '"integer", "string", "blob" or "geo"'],
  ])("refuses %j", (change, kind, message) => {
    expect(() => sindexCreate({ ...BASE, ...change }, V81)).toThrow(kind);
    expect(() => sindexCreate({ ...BASE, ...change }, V81)).toThrow(message);
  });

  it("refuses what an older server can't do", () => {
    expect(() => sindexCreate({ ...BASE, source: { expression: Uint8Array.of(1) } }, V72)).toThrow(/takes server 8.1/);
    expect(() => sindexCreate({ ...BASE, source: { bin: "a,b" } }, V72)).toThrow(/comma/);
    expect(sindexCreate({ ...BASE, source: { bin: "a,b" } }, V81)).toContain("bin=a,b");
  });
});

describe("the other index commands", () => {
  it("name the namespace as the server does", () => {
    expect([sindexDelete("t", "i", V6), sindexDelete("t", "i", V81)]).toEqual([
      "sindex-delete:ns=t;indexname=i",
      "sindex-delete:namespace=t;indexname=i",
    ]);
    expect(sindexStat("t", "i", V72)).toBe("sindex-stat:namespace=t;indexname=i");
    expect([sindexList(V81), sindexList(V81, "t"), sindexList(V6, "t")]).toEqual([
      "sindex-list:b64=true",
      "sindex-list:namespace=t;b64=true",
      "sindex-list:ns=t;b64=true",
    ]);
  });

  it("refuse bad names", () => {
    expect(() => sindexDelete("t", "", V81)).toThrow(TypeError);
    expect(() => sindexStat("t\n", "i", V81)).toThrow(TypeError);
    expect(() => sindexStat("t", "i;x", V81)).toThrow(TypeError);
    expect(() => sindexList(V81, "")).toThrow(TypeError);
  });
});

describe("parseIndexList", () => {
  it("reads an index on a whole set, and one that is being built", () => {
    expect(
      parseIndexList(
        "ns=t:indexname=a:set=null:bin=b:type=string:indextype=default:context=null:state=WO;ns=t:indexname=s:set=x:indextype=set",
      ),
    ).toEqual([
      {
        namespace: "t",
        indexName: "a",
        setName: undefined,
        bin: "b",
        type: "string",
        collection: "default",
        context: undefined,
        expression: undefined,
        readable: false,
      },
      {
        namespace: "t",
        indexName: "s",
        setName: "x",
        bin: undefined,
        type: undefined,
        collection: "set",
        context: undefined,
        expression: undefined,
        readable: true,
      },
    ]);
  });

  it.each([
    "indexname=a",
    "ns=t",
    "ns=t:indexname=a:indextype=tree",
    "ns=t:indexname=a:context=%%%",
    "ns=t:indexname=a:exp=add(1, 2)",
  ])("refuses %j", (text) => {
    expect(() => parseIndexList(text)).toThrow(ProtocolError);
  });
});

describe("parseIndexStat", () => {
  it("takes a set index, which says less", () => {
    expect(parseIndexStat("entries=1;used_bytes=2;load_pct=50")).toEqual({
      loadPercent: 50,
      entries: 1,
      usedBytes: 2,
      entriesPerValue: 0,
      entriesPerRecord: 0,
    });
  });

  it.each(["", "entries=1", "load_pct=all"])("refuses %j", (text) => {
    expect(() => parseIndexStat(text)).toThrow(ProtocolError);
  });
});
