import { describe, expect, test } from "vitest";
import * as z from "zod";
import { Double } from "../../../../protocol/value/double.js";
import { codecOf } from "../../../../src/data/data-set-options.js";
import type { RecordCodec } from "../../../../src/data/record-codec.js";
import { DataSet, dateAsMilliseconds, dateAsText, SchemaError, type StandardSchema } from "../../../../src/index.js";
import { codecOfKeys } from "../../../../src/records/codec-of-keys.js";

const key = DataSet.of("test", "codecs").id(1);

function codec(options: object): RecordCodec {
  const made = codecOf(options);
  if (made === undefined) throw new Error("the options say nothing");
  return made;
}

/** A schema whose `validate` is what a test wants it to be. */
function schemaOf(validate: (value: unknown) => unknown): StandardSchema {
  return { "~standard": { version: 1, vendor: "test", validate: validate as StandardSchema["~standard"]["validate"] } };
}

function thrown(call: () => unknown): SchemaError {
  try {
    call();
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const plusOne = { toBin: (value: number) => value + 1, fromBin: (stored: number) => stored - 1 };

describe("one bin", () => {
  test("goes through its schema and then through toBin, and back the other way round", () => {
    const calls: string[] = [];
    const noted = <T>(call: string, result: T): T => {
      calls.push(call);
      return result;
    };
    const n = {
      toBin: (value: number) => noted(`toBin ${value}`, value * 10),
      fromBin: (stored: number) => noted(`fromBin ${stored}`, stored / 10),
      schema: schemaOf((value) => noted(`schema ${value}`, { value: Number(value) + 1 })),
    };
    const numbers = codec({ bins: { n } });
    expect(numbers.encodeBin("n", 1)).toBe(20);
    expect(numbers.decodeBin("n", 20, key)).toBe(3);
    expect(calls).toEqual(["schema 1", "toBin 2", "fromBin 20", "schema 2"]);
  });

  test.each([null, undefined])("that is %s asks neither schema nor toBin", (value) => {
    const never = () => {
      throw new Error("called");
    };
    const strict = codec({ bins: { n: { toBin: never, fromBin: never, schema: schemaOf(never) } }, doubles: ["n"] });
    expect(strict.encodeBin("n", value)).toBe(value);
  });

  test.each([null, undefined])("of which its schema makes %s is not given to toBin", (value) => {
    const made = codec({ bins: { n: { ...plusOne, schema: schemaOf(() => ({ value })) } }, doubles: ["n"] });
    expect(made.encodeBin("n", 1)).toBe(value);
  });

  test("that nothing is declared of stays as it is", () => {
    const other = { any: "thing" };
    expect(codec({ bins: { n: plusOne } }).encodeBin("m", other)).toBe(other);
    expect(codec({ bins: { n: plusOne } }).decodeBin("m", other, key)).toBe(other);
  });

  test("keeps the receivers of the functions", () => {
    class Scale {
      readonly factor = 10;
      toBin(value: number) {
        return value * this.factor;
      }
      fromBin(stored: number) {
        return stored / this.factor;
      }
    }
    class Standard {
      readonly version = 1;
      readonly vendor = "test";
      readonly most = 5;
      validate(value: unknown) {
        return Number(value) > this.most ? { issues: [{ message: `more than ${this.most}` }] } : { value };
      }
    }
    const scaled = codec({ bins: { n: new Scale(), m: { "~standard": new Standard() } } });
    expect([scaled.encodeBin("n", 2), scaled.decodeBin("n", 20, key), scaled.encodeBin("m", 5)]).toEqual([20, 2, 5]);
    expect(() => scaled.encodeBin("m", 6)).toThrow("more than 5");
  });
});

describe("a schema", () => {
  test("that is asynchronous is refused, and what becomes of its promise is nobody's", async () => {
    const late = codec({ bins: { n: z.string().refine(async () => false) } });
    const own = codec({ bins: { n: schemaOf(async () => Promise.reject(new Error("too late"))) } });
    for (const [made, direction] of [
      [own, "writing"],
      [own, "reading"],
      [late, "writing"],
    ] as const) {
      const error = thrown(() => (direction === "writing" ? made.encodeBin("n", "a") : made.decodeBin("n", "a", key)));
      expect(error.message).toMatch(/^bin "n" can't be (written|read): its schema (is asynchronous, and only|threw)/);
      expect([error.direction, error.bin, error.issues]).toEqual([direction, "n", []]);
    }
    // A rejection that nobody hears would fail the run.
    await new Promise((resolve) => setImmediate(resolve));
  });

  test("that throws is the cause", () => {
    const cause = new RangeError("out of order");
    const broken = codec({
      bins: {
        n: schemaOf(() => {
          throw cause;
        }),
      },
    });
    const error = thrown(() => broken.encodeBin("n", 1, "putMany: entry 3: ", key));
    expect(error.message).toBe('putMany: entry 3: bin "n" can\'t be written: its schema threw out of order');
    expect([error.cause, error.key, error.code]).toEqual([cause, key, "SCHEMA"]);
    expect(thrown(() => broken.decodeBin("n", 1, key)).direction).toBe("reading");
    const odd = codec({
      bins: {
        n: schemaOf(() => {
          throw "text";
        }),
      },
    });
    expect(thrown(() => odd.encodeBin("n", 1)).message).toContain('its schema threw "text"');
  });

  test.each<[unknown, string]>([
    [undefined, "returned undefined instead of a result"],
    ["yes", 'returned "yes" instead of a result'],
    [{ issues: [] }, "refuses it without a reason"],
    [{ issues: "bad" }, "refuses it without a reason"],
    [{ issues: [{ message: "too long" }, { message: "bad", path: ["a", { key: 1 }] }] }, "too long; a.1: bad"],
  ])("that returns %j refuses the value", (result, message) => {
    const error = thrown(() => codec({ bins: { n: schemaOf(() => result) } }).encodeBin("n", 1));
    expect(error.message).toContain(message);
  });

  test("of records sees what codecs have read, and is seen by codecs when writing", () => {
    const records = codec({
      schema: z.object({ at: z.date(), n: z.number().default(7) }),
      bins: { at: dateAsMilliseconds },
    });
    expect(records.encodeRecord({ at: new Date(5), n: null }, "")).toEqual({ at: 5, n: null });
    expect(records.encodeRecord({ at: new Date(5) }, "")).toEqual({ at: 5, n: 7 });
    expect(records.decode({ at: 5 }, "all", key)).toEqual({ at: new Date(5), n: 7 });
    expect(records.decode({ at: 5 }, ["at"], key)).toEqual({ at: new Date(5) });
    const error = thrown(() => records.encodeRecord({ n: 1 }, "", key));
    expect([error.bin, error.issues.length, error.message.startsWith("the record can't be written: at:")]).toEqual([
      undefined,
      1,
      true,
    ]);
  });

  test("of records that makes no object of one is an error", () => {
    const odd = codec({ schema: schemaOf(() => ({ value: 5 })) });
    expect(() => odd.encodeRecord({}, "")).toThrow("its schema made 5 of it, which is no object of bins");
    expect(() => odd.decode({}, "all", key)).toThrow("its schema made 5 of it, which is no object of bins");
  });
});

describe("toBin and its like", () => {
  test.each([
    ["toBin", "written"],
    ["fromBin", "read"],
  ] as const)("%s may not throw, nor be asynchronous", (name, done) => {
    const use = (method: () => unknown) => {
      const made = codec({ bins: { n: { ...plusOne, [name]: method } } });
      return thrown(() => (name === "toBin" ? made.encodeBin("n", 1) : made.decodeBin("n", 1, key)));
    };
    const cause = new Error("no");
    const error = use(() => {
      throw cause;
    });
    expect([error.message, error.cause]).toEqual([`bin "n" can't be ${done}: ${name} threw no`, cause]);
    expect(use(async () => 1).message).toContain(`${name} is asynchronous`);
  });

  test("toBin that returns nothing is an error: the bin would be left as it is", () => {
    const forgetful = codec({ bins: { n: { ...plusOne, toBin: () => undefined } } });
    expect(() => forgetful.encodeBin("n", 1)).toThrow("toBin returned undefined");
    expect(codec({ bins: { n: { ...plusOne, toBin: () => null } } }).encodeBin("n", 1)).toBeNull();
  });

  test("toBins and fromBins, too", () => {
    class Point {}
    const cause = new Error("no");
    const fail = () => {
      throw cause;
    };
    const points = codec({ object: { class: Point, toBins: fail, fromBins: fail } });
    expect(thrown(() => points.binsOf(new Point(), "", key))).toMatchObject({
      direction: "writing",
      cause,
      bin: undefined,
    });
    expect(thrown(() => points.toObject({}, key))).toMatchObject({ direction: "reading", cause, key });
    const bins = { x: 1 };
    expect(points.binsOf(bins, "")).toBe(bins);
    expect(() => codec({ bins: { n: plusOne } }).toObject({}, key)).toThrow("declares no class of objects");
  });
});

describe("dates", () => {
  const dates = codec({ bins: { ms: dateAsMilliseconds, text: dateAsText } });
  const at = new Date("2026-11-30T07:15:00.123Z");

  test("are stored in their order", () => {
    expect([dates.encodeBin("ms", at), dates.encodeBin("text", at)]).toEqual([at.getTime(), at.toISOString()]);
    expect([dates.decodeBin("ms", at.getTime(), key), dates.decodeBin("text", at.toISOString(), key)]).toEqual([
      at,
      at,
    ]);
  });

  test.each(["2026-11-30", "2026-11-30T08:15+01:00", "-000001-01-01T00:00:00.000Z"])("are read of %s", (text) => {
    expect(dates.decodeBin("text", text, key)).toEqual(new Date(text));
  });

  test.each([1, null, "1", "Nov 30 2026", "2026-11-30T08:15", "2026-13-01", "2026-11-30T07:15:00Z tail"])(
    "are not read of %j",
    (stored) => {
      expect(thrown(() => dates.decodeBin("text", stored, key)).bin).toBe("text");
    },
  );

  test.each([at.getTime(), "2026-11-30", new Date(Number.NaN), {}])("are not made of %j", (value) => {
    expect(() => dates.encodeBin("ms", value)).toThrow("expected a Date");
    expect(() => dates.encodeBin("text", value)).toThrow("expected a Date");
  });

  test.each(["2026-11-30", 9e15, true])("in milliseconds are not read of %j", (stored) => {
    expect(() => dates.decodeBin("ms", stored, key)).toThrow(SchemaError);
  });
});

describe("doubles", () => {
  const prices = codec({ bins: { cents: plusOne }, doubles: ["price", "cents"] });

  test("are stored as DOUBLE, whatever number they are", () => {
    expect(prices.encodeBin("price", 2)).toEqual(new Double(2));
    expect(prices.encodeBin("price", 2n)).toEqual(new Double(2));
    expect(prices.encodeBin("cents", 2)).toEqual(new Double(3));
    expect(() => prices.encodeBin("price", 2n ** 60n)).toThrow('bin "price"');
    expect(() => prices.encodeBin("price", "2")).toThrow('bin "price"');
  });

  test("are read as numbers of what others have stored as INTEGER", () => {
    expect(prices.decodeBin("price", 2n ** 60n, key)).toBe(2 ** 60);
    expect(prices.decodeBin("cents", 5, key)).toBe(4);
  });
});

describe("names of bins are data", () => {
  test("__proto__ is a bin like others", () => {
    const bins = JSON.parse('{ "__proto__": 1 }');
    const made = codec({
      bins: JSON.parse('{ "__proto__": 0 }', (name, value) => (name === "__proto__" ? plusOne : value)),
    });
    const stored = made.encodeBins(bins, "");
    expect(Object.entries(stored)).toEqual([["__proto__", 2]]);
    expect(Object.entries(made.decode(stored, "all", key))).toEqual([["__proto__", 1]]);
  });
});

describe("options that say nothing right are refused", () => {
  const aCodec = { toBin: () => 1, fromBin: () => 1 };
  class Point {}
  const toBins = () => ({});
  test.each<[object, string]>([
    [{ bin: {} }, "bin"],
    [{ bins: 5 }, "expected bins to be an object of schemas and codecs by name, got 5"],
    [{ bins: [aCodec] }, "expected bins to be an object of schemas and codecs by name"],
    [{ bins: new Map([["n", aCodec]]) }, "expected bins to be an object of schemas and codecs by name"],
    [{ bins: { n: 5 } }, "expected bins.n to be a schema of a library"],
    [{ bins: { n: {} } }, "expected bins.n to be a schema, or to have the functions toBin and fromBin"],
    [{ bins: { n: { toBin: () => 1 } } }, "expected bins.n to be a schema, or to have the functions toBin and fromBin"],
    [{ bins: { n: { ...aCodec, schema: {} } } }, "expected bins.n.schema to be a schema of a library"],
    [{ bins: { "a name that is too long": aCodec } }, "a name that is too long"],
    [{ doubles: "price" }, 'expected doubles to be an array of bin names, got "price"'],
    [{ doubles: [5] }, "5"],
    [{ schema: {} }, "expected schema to be a schema of a library"],
    [{ object: Point }, "expected object to have a class and the functions toBins and fromBins"],
    [{ object: { class: Point, toBins } }, "expected object to have a class and the functions toBins and fromBins"],
    [{ object: { class: () => 1, toBins, fromBins: toBins } }, "expected object to have a class"],
  ])("%o", (options, message) => {
    expect(() => codecOf(options)).toThrow(message);
  });

  test("and what says nothing is no codec", () => {
    expect([codecOf({}), codecOf({ bins: {} }), codecOf({ bins: { n: undefined }, doubles: [] })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("keys of one verb", () => {
  const bins = { n: plusOne };
  const numbers = DataSet.of("test", "numbers", { bins });

  test("have one codec, or none", () => {
    expect(codecOfKeys("upsert", numbers.ids(1, 2, 3))).toBe(numbers.codec);
    expect(codecOfKeys("upsert", [key, key])).toBeUndefined();
    expect(codecOfKeys("upsert", [])).toBeUndefined();
  });

  test("with different ones are refused, also when these were made alike or there is none", () => {
    const again = DataSet.of("test", "numbers", { bins });
    for (const other of [again.id(2), DataSet.of<{ n: number }>("test", "numbers").id(2)]) {
      expect(() => codecOfKeys("upsert", [numbers.id(1), numbers.id(3), other])).toThrow(
        "upsert: key 2 is of another data set than those before",
      );
    }
  });
});
