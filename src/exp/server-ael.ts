import { checkText } from "../../protocol/exp/check-names.js";
import { checkType, type ExpType } from "../../protocol/exp/exp-type.js";
import { Expression } from "./expression.js";
import { bindText, type TextParam } from "./text-params.js";

/**
 * A condition that goes to the server as text, which compiles it: whatever its release understands. It takes server
 * 8.2 on every node, else the call that it is used in is refused before anything is sent. What is wrong with the text the
 * server finds out (result code 4, with line and column in the message for `errorDetailVerbosity: "message"` and more).
 * Conditions in `where("…")` need none of it: they are compiled here, for every server.
 *
 * It is a whole expression and never part of one.
 *
 * @param text in the language of the server
 * @param params values for `?0`, `?1` … in the text, which are written into it: texts, numbers (`double(2)` for a float),
 *   bigint, boolean, `null`, bytes, GeoJson, and lists and maps of them. What can't be written as text throws: NaN, Infinity,
 *   sketches, a GeoJson with an apostrophe or inside of a list
 * @throws TypeError for a text that is empty, a value that is missing, not used, or can't be written
 * @example session.query(users).where(serverAel("$.name.upper() == ?0", name))
 */
export function serverAel(text: string, ...params: readonly TextParam[]): Expression<"bool"> {
  return serverAelOf("bool", text, ...params);
}

/**
 * As {@link serverAel}, of another type than a condition: for `selectFrom`, `upsertFrom` and the like.
 * @param type what the text gives; nobody checks it before the server does
 * @example session.query(key).bin("initials").selectFrom(serverAelOf("string", "$.name.substr(from: 0, to: 1)"))
 */
export function serverAelOf<T extends ExpType>(type: T, text: string, ...params: readonly TextParam[]): Expression<T> {
  checkType(type, "serverAelOf");
  const bound = bindText(checkText(text), params);
  return new Expression({ kind: "text", type, text: bound });
}
