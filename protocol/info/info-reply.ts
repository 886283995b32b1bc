import type { Reader } from "../bytes/reader.js";
import { MAX_INFO_BODY } from "../limits.js";
import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import { expectInfo } from "./info-error.js";

// An info reply is the body of a proto of type 1. For each command of the request, in order:
//   the request's text \t value \n
// A node that asks for authentication replies with one error and repeats no command.

/** Values by the exact text of the command that asked. */
export type InfoReply = ReadonlyMap<string, string>;

/**
 * Reads a reply to `commands` up to its end. A command that was sent twice has one entry.
 * Throws ResultError when the node refused the request as a whole, and ProtocolError when a command has no answer. A
 * value may still be a refusal of its command: see expectInfo.
 */
export function parseInfoReply(body: Reader, commands: readonly string[]): InfoReply {
  if (body.left > MAX_INFO_BODY) {
    throw new ProtocolError(`an info reply of ${body.left} bytes, more than the ${MAX_INFO_BODY} allowed`);
  }
  const wanted = new Set(commands);
  const answers = new Map<string, string>();
  const text = body.utf8(body.left);
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    if (end > at) takeLine(text.slice(at, end), wanted, answers);
    at = end + 1;
  }
  for (const command of wanted) {
    if (!answers.has(command)) throw new ProtocolError(`an info reply lacks the command ${describe(command)}`);
  }
  return answers;
}

function takeLine(line: string, wanted: ReadonlySet<string>, answers: Map<string, string>): void {
  const tab = line.indexOf("\t");
  if (tab < 0) {
    expectInfo(line);
    throw new ProtocolError(`an info reply has the line ${describe(line)}, which belongs to no command`);
  }
  const command = line.slice(0, tab);
  if (wanted.has(command) && !answers.has(command)) answers.set(command, line.slice(tab + 1));
}

/** The value of a command of the request; throws ResultError when the server refused it. */
export function infoValue(reply: InfoReply, command: string): string {
  const value = reply.get(command);
  if (value === undefined) throw new ProtocolError(`an info reply lacks the command ${describe(command)}`);
  return expectInfo(value);
}
