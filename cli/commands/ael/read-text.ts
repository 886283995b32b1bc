import { text } from "node:stream/consumers";
import type { Io } from "../../io.js";

export const TEXT_HELP = "the expression; - reads it from stdin";

/** The expression that was given, or what stands in stdin. */
export async function readText(io: Io, given: string): Promise<string> {
  return given === "-" ? (await text(io.stdin)).trimEnd() : given;
}
