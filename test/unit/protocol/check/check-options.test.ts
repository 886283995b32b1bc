import { describe, expect, it } from "vitest";
import { checkOptions, type OptionNames } from "../../../../protocol/check/check-options.js";

interface Options {
  readonly maxRetries?: number;
  readonly replica?: string;
}

const KNOWN: OptionNames<Options> = { maxRetries: true, replica: true };

describe("checkOptions", () => {
  it.each([[undefined], [{}], [{ maxRetries: 1 }], [{ maxRetries: 1, replica: undefined }], [Object.create(null)]])(
    "accepts %o",
    (options: Options | undefined) => {
      expect(() => checkOptions("get", options, KNOWN)).not.toThrow();
    },
  );

  it.each([
    [null, "get: expected an object of options, got null"],
    [5, "get: expected an object of options, got 5"],
    ["replica", 'get: expected an object of options, got "replica"'],
    [[], "get: expected an object of options, got an Array"],
    [() => undefined, "get: expected an object of options, got a function"],
  ])("refuses %o, which is no object of options", (options, message) => {
    expect(() => checkOptions("get", options as Options, KNOWN)).toThrow(new TypeError(message));
  });

  it.each([
    [{ maxRetrys: 1 }, 'get: there is no option "maxRetrys". Did you mean maxRetries? Known: maxRetries, replica'],
    [{ retries: 1 }, 'get: there is no option "retries". Did you mean maxRetries? Known: maxRetries, replica'],
    [{ toString: 1 }, 'get: there is no option "toString". Known: maxRetries, replica'],
    [{ signal: undefined }, 'get: there is no option "signal". Known: maxRetries, replica'],
  ])("refuses %o", (options, message) => {
    expect(() => checkOptions("get", options as Options, KNOWN)).toThrow(new TypeError(message));
  });

  it("says which call does what others know as an option", () => {
    const elsewhere = { ttl: "expireIn()" };
    const check = (options: object) => () => checkOptions("put", options as Options, KNOWN, elsewhere);
    expect(check({ ttl: 1 })).toThrow(new TypeError('put: there is no option "ttl". Use expireIn()'));
    expect(check({ tlt: 1 })).toThrow('there is no option "tlt". Known: maxRetries, replica');
  });

  it("wants the options of every member of a union", () => {
    const known: OptionNames<{ readonly a?: 1 } | { readonly b?: 2 }> = { a: true, b: true };
    expect(() => checkOptions<{ readonly a?: 1 } | { readonly b?: 2 }>("f", { b: 2 }, known)).not.toThrow();
  });
});
