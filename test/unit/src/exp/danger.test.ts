import { describe, expect, it } from "vitest";
import { BitWriteFlags } from "../../../../protocol/cdt/flags.js";
import { CTX, DataSet, Exp, MapReturnType } from "../../../../src/index.js";
import { BinWrites } from "../../../../src/records/bins/index.js";

// Requests that took a node of 8.1.2 down; each is refused through every way in.

const { PARTIAL } = BitWriteFlags;
const LONG = "x".repeat(31);

function bin() {
  return new BinWrites(
    "b",
    (op) => op,
    (text) => Exp.fromBase64(text),
  );
}

/** An expression from its packed bytes, as a stored filter would come. */
function fromHex(hex: string) {
  return Exp.fromBase64(Buffer.from(hex, "hex").toString("base64"));
}

describe("a bit shift with PARTIAL by the bit size or more", () => {
  it.each([8, 9, 20])("is refused: by %s of 8", (shift) => {
    expect(() => bin().bitLshift(0, 8, shift, { partial: true })).toThrow(RangeError);
    expect(() => bin().bitRshift(0, 8, shift, { partial: true })).toThrow(`The shift is ${shift}`);
    expect(() => Exp.bitLshift(PARTIAL, 0, 8, shift, Exp.blobBin("b"))).toThrow(RangeError);
    expect(() => Exp.bitRshift(PARTIAL, 0, Exp.intVal(8), Exp.intVal(shift), Exp.blobBin("b"))).toThrow(RangeError);
  });

  it("is refused when the shift is not known beforehand", () => {
    expect(() => Exp.bitLshift(PARTIAL, 0, 8, Exp.intBin("n"), Exp.blobBin("b"))).toThrow(RangeError);
  });

  it("is refused in bytes from elsewhere", () => {
    // [127, 6, 0x41, [8, 0, 8, 8, 8], [81, 6, "b"]]
    expect(() => fromHex("957f0641950800080808935106a162")).toThrow("PARTIAL");
    expect(fromHex("957f0641950800080708935106a162").type).toBe("blob");
  });

  it("is fine below, and without the flag", () => {
    expect(() => bin().bitLshift(0, 8, 7, { partial: true })).not.toThrow();
    expect(() => bin().bitLshift(0, 8, 8)).not.toThrow();
    expect(() => Exp.bitLshift(PARTIAL, 0, 8, 7, Exp.blobBin("b"))).not.toThrow();
    expect(() => Exp.bitLshift(0, 0, 8, Exp.intBin("n"), Exp.blobBin("b"))).not.toThrow();
  });
});

describe("the change of a path", () => {
  const list = Exp.listBin("l");
  const change = (exp: Parameters<typeof Exp.modifyByPath>[0]) => () => Exp.modifyByPath(exp, list, CTX.allChildren());
  const name = Exp.mapGetByKey(MapReturnType.VALUE, "string", "name", Exp.mapLoopVar("value"));

  it.each([
    ["text from a call", name],
    ["a loop variable of text", Exp.stringLoopVar("value")],
    ["a loop variable of bytes", Exp.blobLoopVar("value")],
    ["a constant of 31 bytes", Exp.stringVal(LONG)],
    ["bytes of 31", Exp.blobVal(new Uint8Array(31))],
    ["a branch of a cond", Exp.cond([Exp.boolVal(true), Exp.stringVal("a"), name])],
    ["a variable", Exp.let([Exp.def("x", name), Exp.var("x")])],
  ])("is refused when it is %s", (_, exp) => {
    expect(change(exp)).toThrow(/servers of 8\.1\.2 abort/);
  });

  it.each([
    ["a number", Exp.numAdd([Exp.intLoopVar("value"), Exp.intVal(1)])],
    ["a constant of 30 bytes", Exp.stringVal(LONG.slice(1))],
    ["a list", Exp.listLoopVar("value")],
    ["nothing", Exp.removeResult()],
    [
      "either of them",
      Exp.cond([Exp.eq(Exp.stringLoopVar("value"), Exp.stringVal("x")), Exp.stringVal("y"), Exp.unknown()]),
    ],
  ])("may be %s", (_, exp) => {
    expect(change(exp)).not.toThrow();
  });

  it("is refused in bytes from elsewhere", () => {
    const good = Exp.modifyByPath(Exp.stringVal(LONG.slice(1)), list, CTX.allChildren());
    const hex = Buffer.from(good.packed).toString("hex");
    const short = Buffer.from(`\u0003${LONG.slice(1)}`).toString("hex");
    const long = Buffer.from(`\u0003${LONG}`).toString("hex");
    expect(hex).toContain(`bf${short}`);
    expect(fromHex(hex).type).toBe("list");
    expect(() => fromHex(hex.replace(`bf${short}`, `d920${long}`))).toThrow(/servers of 8\.1\.2 abort/);
  });
});

describe("removeResult", () => {
  it("is refused anywhere but as a change", () => {
    // Compared, and as a parameter of a call: [1, [100], [100]] and [127, 2, 0, [19, 7, [100]], [81, 4, "l"]]
    expect(() => fromHex("93019164" + "9164")).toThrow(TypeError);
    expect(() => fromHex("957f0200931307" + "9164" + "935104a16c")).toThrow(TypeError);
  });
});

describe("a read of bits or of a sketch on nothing", () => {
  it("is refused", () => {
    // [127, 2, 1, [51, 0, 8], nil] and [127, 2, 2, [50], nil]
    expect(() => fromHex("957f02019333000" + "8c0")).toThrow(TypeError);
    expect(() => fromHex("957f0202913" + "2c0")).toThrow(TypeError);
  });
});

describe("an empty list of keys or values with everything else asked for", () => {
  it("is refused", () => {
    expect(() => bin().onMapKeyList([]).removeAllOthers({ returnType: 6 })).toThrow(RangeError);
    expect(() => bin().onMapValueList([]).removeAllOthers({ returnType: 7 })).toThrow(RangeError);
  });
});

describe("a container that no server can hold", () => {
  const twice = new Map<number | bigint, string>([
    [1, "a"],
    [1n, "b"],
  ]);
  it("is refused wherever a value goes in", () => {
    expect(() => bin().listAppend(twice)).toThrow(TypeError);
    expect(() => bin().listAppendItems([[new Map([[1.5, 1]])]])).toThrow(TypeError);
    expect(() => bin().setTo(twice)).toThrow(TypeError);
    expect(() => bin().mapPut("k", twice)).toThrow(TypeError);
    expect(() => bin().onMapKey("k", { createType: 1 }).listInsert(0, twice)).toThrow(TypeError);
    expect(() => Exp.listVal([twice])).toThrow(TypeError);
    expect(() => Exp.mapVal(twice)).toThrow(TypeError);
  });
});

describe("division of the least integer by -1", () => {
  it("is guarded wherever the divisor is not known", () => {
    const guarded = Exp.numDiv([Exp.intBin("a"), Exp.intBin("b")]);
    const plain = Exp.numDiv([Exp.intBin("a"), Exp.intVal(2)]);
    expect(guarded.packed.length).toBeGreaterThan(plain.packed.length + 10);
  });
});

describe("names", () => {
  it("that are no UTF-8 are refused", () => {
    expect(() => DataSet.of("test", "\ud800")).toThrow(TypeError);
  });
});
