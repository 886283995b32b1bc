import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Compilation, Form, Operands } from "./form.js";
import { expectCount, expectType } from "./operands.js";
import { takeBytes, takeInteger } from "./packed.js";
import { refuse } from "./refused.js";
import { Regex } from "./regex/regex.js";
import { ResultType } from "./result-type.js";
import { isParticle, UNKNOWN } from "./value.js";

/** `[7, flags, pattern, string]`: flags and pattern are plain values, the pattern without type prefix. */
export const regex: Form = {
  size: 80,
  *compile(c: Compilation, count: number): Operands {
    expectCount(count, 3);
    const flags = takeInteger(c.reader);
    const pattern = takeBytes(c.reader);
    if (flags === undefined || pattern === undefined) refuse("a regex without flags or pattern");
    const compiled = Regex.compile(pattern, Number(BigInt.asUintN(3, flags)));
    if (compiled === undefined) refuse("a bad pattern");
    expectType(yield, ResultType.STRING);
    c.emit((m) => {
      const value = m.pop();
      m.push(isParticle(value) && value.type === ParticleType.STRING ? compiled.test(value.bytes) : UNKNOWN);
    });
    return ResultType.BOOL;
  },
};
