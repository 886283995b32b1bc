import pc from "picocolors";
import type { Output } from "../io.js";

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours on a terminal that knows them, unless NO_COLOR says otherwise (see no-color.org). */
export function colorsFor(out: Output, env: Readonly<Record<string, string | undefined>>): Colors {
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return pc.createColors(out.isTTY === true && !refused);
}
