import { Writer } from "../bytes/writer.js";
import { packUnknown } from "./pack.js";
import type { Value } from "./value.js";

const FIRST_SIZE = 512;
const KEPT_SIZE = 64 * 1024;

let scratch = new Writer(FIRST_SIZE);

/** A value that can be stored. Throws InvalidValue (a TypeError) naming the path of what can't be. */
export function checkValue(value: unknown): asserts value is Value {
  scratch.rewind(0);
  try {
    packUnknown(scratch, value);
  } finally {
    if (scratch.length > KEPT_SIZE) scratch = new Writer(FIRST_SIZE);
  }
}
