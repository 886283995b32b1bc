import { describe, expect, it } from "vitest";
import {
  checkBinName,
  checkIndexedBin,
  checkIndexName,
  checkNamespace,
  checkSetName,
  checkUdfFileName,
  checkUdfFunction,
  checkUdfModuleName,
  checkUdfName,
  checkUdfPackage,
} from "../../../../protocol/check/check-names.js";

const CHECKS = [
  { check: checkBinName, argument: "bin name", max: 15 },
  { check: checkNamespace, argument: "namespace", max: 31 },
  { check: checkSetName, argument: "set name", max: 63 },
  { check: checkIndexName, argument: "index name", max: 63 },
  { check: checkUdfPackage, argument: "package", max: 127 },
  { check: checkUdfFunction, argument: "function", max: 127 },
];

/** Assertion functions can't be called through a variable of their own type. */
function run(check: (name: unknown) => void, name: unknown): () => void {
  return () => check(name);
}

describe.each(CHECKS)("a $argument", ({ check, argument, max }) => {
  it("counts bytes, not characters", () => {
    expect(run(check, "n".repeat(max))).not.toThrow();
    expect(run(check, "ü".repeat(Math.floor(max / 2)))).not.toThrow();
    expect(run(check, "n".repeat(max + 1))).toThrow(RangeError);
    expect(run(check, "ü".repeat((max + 1) / 2))).toThrow(
      `takes ${max + 1} bytes of UTF-8: at most ${max} are allowed`,
    );
  });

  it.each([[undefined], [null], [5], [{}], [Symbol("s")]])("is no %s", (name) => {
    expect(run(check, name)).toThrow(TypeError);
    expect(run(check, name)).toThrow(`The ${argument} is`);
  });

  it("has no NUL and no half of a surrogate pair", () => {
    expect(run(check, "a\0b")).toThrow(TypeError);
    expect(run(check, "a\ud800")).toThrow(TypeError);
    expect(run(check, "a\u{1f600}")).not.toThrow();
  });
});

describe("names that stand in info commands", () => {
  it.each([";", ":", "\n", "\t"])("have no %j", (separator) => {
    for (const { check, argument } of CHECKS) {
      const name = `a${separator}b`;
      if (argument === "bin name") expect(run(check, name)).not.toThrow();
      else expect(run(check, name)).toThrow("holds a semicolon, colon, line feed, tab or NUL");
    }
  });
});

describe("empty names", () => {
  it("are allowed for a set, which then is none, and for a bin", () => {
    for (const { check, argument } of CHECKS) {
      if (argument === "set name" || argument === "bin name") expect(run(check, "")).not.toThrow();
      else expect(run(check, "")).toThrow(`The ${argument} is empty`);
    }
  });
});

describe("the bin of an index", () => {
  it("has a name, by the rules of all bins", () => {
    expect(run(checkIndexedBin, "")).toThrow("The bin name is empty: no index can be on that bin");
    expect(run(checkIndexedBin, "n".repeat(16))).toThrow(RangeError);
    expect(run(checkIndexedBin, "age")).not.toThrow();
  });
});

describe("UDF names", () => {
  it("say what to do about the file's extension", () => {
    expect(() => checkUdfPackage("counters.lua")).toThrow(
      'The package "counters.lua" ends in ".lua": a package is the name of its file without it, "counters"',
    );
    expect(() => checkUdfName("counters.lua", "f")).toThrow(TypeError);
    expect(() => checkUdfName("counters", "")).toThrow("The function is empty");
    expect(() => checkUdfName("counters", "f")).not.toThrow();
  });

  it("are file names with a dot inside", () => {
    for (const name of ["a.lua", "a.b.lua", "_x-1$.lua"]) expect(() => checkUdfFileName(name)).not.toThrow();
    for (const name of ["lua", ".lua", "a.", "a b.lua", "a..lua"]) {
      expect(() => checkUdfFileName(name)).toThrow("is not a UDF file name");
    }
  });

  it("take another name of the argument", () => {
    expect(() => checkUdfFileName("", "name")).toThrow("The name is empty");
  });

  it("no module that servers could never load", () => {
    for (const name of ["a.lua", "_x-1$.lua", "aerospike.lua", "9.lua"]) {
      expect(() => checkUdfModuleName(name)).not.toThrow();
      expect(() => checkUdfPackage(name.slice(0, -4))).not.toThrow();
    }
    expect(() => checkUdfModuleName("stats.v2.lua")).toThrow(
      'The file name "stats.v2.lua" has a dot, which Lua takes for a folder: servers could never load the module. Use a name such as "stats_v2"',
    );
    expect(() => checkUdfPackage("stats.v2")).toThrow('The package "stats.v2" has a dot');
    for (const library of ["string", "table", "_G", "utf8"]) {
      expect(() => checkUdfModuleName(`${library}.lua`)).toThrow("is the name of a library of Lua");
      expect(() => checkUdfPackage(library)).toThrow("is the name of a library of Lua");
    }
    for (const name of ["a.txt", "a.LUA", "a.so"]) {
      expect(() => checkUdfModuleName(name)).toThrow('does not end in ".lua"');
    }
    expect(() => checkUdfModuleName(".lua")).toThrow("is not a UDF file name");
    expect(() => checkBinName(7, "bins[0]")).toThrow("The bins[0] is 7: it must be a string");
  });
});
