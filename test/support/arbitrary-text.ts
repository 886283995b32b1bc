import fc from "fast-check";

/** Without the halves of surrogate pairs. */
const codePoint = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));

/**
 * Text of any characters that UTF-8 can say. What fast-check has for it begins with a table of a million characters, which
 * takes seconds in every process.
 */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  return fc
    .array(codePoint, maxLength === undefined ? {} : { maxLength })
    .map((points) => points.map((point) => String.fromCodePoint(point)).join(""));
}
