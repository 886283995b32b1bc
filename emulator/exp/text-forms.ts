import { StringFailure, textValue } from "../string/index.js";
import type { Compilation, Form } from "./form.js";
import { expectCount, PLAIN_SIZE } from "./operands.js";
import { refuse } from "./refused.js";
import { ResultType } from "./result-type.js";
import { toBin, UNKNOWN } from "./value.js";

const PRINTABLE: readonly ResultType[] = [
  ResultType.INT,
  ResultType.FLOAT,
  ResultType.STRING,
  ResultType.BOOL,
  ResultType.BLOB,
];

/** `[99, value]`: the text of a number, a boolean, a string or bytes that are UTF-8. */
export const textForm: Form = {
  size: PLAIN_SIZE,
  *compile(c: Compilation, count: number) {
    expectCount(count, 1);
    const type = yield;
    if (!PRINTABLE.includes(type)) refuse(`a value of type ${type} has no text`);
    c.emit((m) => {
      const value = m.pop();
      const bin = typeof value === "symbol" ? undefined : toBin(value);
      const text = bin === undefined || bin === null ? undefined : textValue(bin);
      m.push(text === undefined || text instanceof StringFailure ? UNKNOWN : text);
    });
    return ResultType.STRING;
  },
};

/** `[128, text]` is compiled before anything is packed: what is found here stands inside of another expression. */
export const nestedText: Form = {
  size: PLAIN_SIZE,
  compile(): never {
    return refuse("a text is a whole expression, never part of one");
  },
};
