import type { Writer } from "../bytes/writer.js";
import { checkUdfFileName } from "../check/check-names.js";
import { beginProto, finishProto, ProtoType } from "../frame/proto.js";
import { describe } from "../value/invalid-value.js";

// An info request is the body of a proto of type 1: commands, each ended by a line feed.
//   name[/argument…][:key=value;key=value…] \n

/** Asking for a UDF file aborts a node (seen on 8.1.2.0) when the name is empty or leads to a directory, whoever asks. */
const UDF_GET = /^udf-get(?![\w-])/;
const FILE_NAMES = /filename=([^;]*)/g;

/**
 * Appends one request of several commands, proto header included.
 * Throws TypeError when a command is empty, holds what would end it early, or would take the node down.
 * @example writeInfoRequest(w, ["node", "build"])
 */
export function writeInfoRequest(w: Writer, commands: readonly string[]): void {
  const proto = beginProto(w);
  for (const command of commands) {
    checkInfoCommand(command);
    w.utf8(command);
    w.u8(0x0a);
  }
  finishProto(w, proto, ProtoType.INFO);
}

function checkInfoCommand(command: unknown): asserts command is string {
  if (typeof command !== "string" || command === "") {
    throw new TypeError(`The info command is ${describe(command)}: a command is text that is not empty`);
  }
  if (/[\n\t\0]/.test(command) || !command.isWellFormed()) {
    throw new TypeError(
      `The info command ${describe(command)} holds a line feed, a tab, a NUL or half a surrogate pair, which none may`,
    );
  }
  if (!UDF_GET.test(command)) return;
  for (const [, name] of command.matchAll(FILE_NAMES)) {
    try {
      checkUdfFileName(name);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TypeError(`The info command ${describe(command)} can take a node down. ${why}`);
    }
  }
}
