import { checkUdfFileName } from "../../protocol/check/check-names.js";
import { describe } from "../../protocol/value/invalid-value.js";

/**
 * Lets no info command through that takes a server down: a node aborts when it is asked for the source of a module
 * whose file has no name.
 * @throws TypeError or RangeError
 */
export function refuseHarmfulInfo(command: unknown): void {
  if (typeof command !== "string") throw new TypeError(`The info command is ${describe(command)}: it must be text`);
  if (!/^udf-get\b/.test(command)) return;
  checkUdfFileName(/^udf-get:filename=([^;]*);?$/.exec(command)?.[1] ?? "", "file name of udf-get");
}
