import { describe, expect, it } from "vitest";
import { checkQueryHint } from "../../../../src/query/query-hint.js";

describe("checkQueryHint", () => {
  it.each([{ indexName: "users_age" }, { binName: "age" }, { indexName: undefined, binName: "age" }])(
    "takes %o",
    (hint) => {
      expect(() => checkQueryHint(hint)).not.toThrow();
    },
  );

  it.each([
    [undefined, 'expected { indexName: "…" } or { binName: "…" }, got undefined'],
    ["age", 'expected { indexName: "…" } or { binName: "…" }, got "age"'],
    [{}, "give indexName or binName, one of the two"],
    [{ indexName: "i", binName: "b" }, "give indexName or binName, one of the two"],
    [{ index: "i" }, 'withHint(hint): there is no option "index". Did you mean indexName?'],
    [{ binName: "b", bin: "b" }, 'there is no option "bin"'],
    [{ binName: "" }, "withHint: binName is empty"],
    [{ indexName: 5 }, "withHint: indexName is 5"],
  ])("refuses %o", (hint, message) => {
    expect(() => checkQueryHint(hint)).toThrow(TypeError);
    expect(() => checkQueryHint(hint)).toThrow(message);
  });
});
