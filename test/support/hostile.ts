import { Reader } from "../../protocol/bytes/reader.js";
import { BackgroundUdfCommand } from "../../protocol/command/background-udf.js";
import { CountCommand, QueryCommand } from "../../protocol/command/query.js";
import { FrameSplitter } from "../../protocol/frame/frame-splitter.js";
import { makeKey } from "../../protocol/key/make-key.js";
import { MessageReader } from "../../protocol/message/message-reader.js";
import { OpCode } from "../../protocol/message/op.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultError } from "../../protocol/result-error.js";
import { deleteCommand, existsCommand, operateCommand, readCommand, udfCommand } from "./record-commands.js";

// Damaged bytes may give a value, a ProtocolError or a ResultError; anything else is a defect.

export type Outcome = "value" | "protocol error" | "result error";

/** Runs `work`; lets every error through that damaged bytes must not cause. */
export function outcomeOf(work: () => unknown): Outcome {
  try {
    work();
    return "value";
  } catch (error) {
    if (error instanceof ProtocolError) return "protocol error";
    if (error instanceof ResultError) return "result error";
    throw error;
  }
}

const key = makeKey("test", "s", 1);
const call = { package: "p", function: "f", args: [] };
const job = { namespace: "test", setName: "s", taskId: 1n };
const query = { namespace: "test", setName: "s", taskId: 1n, partitions: [0] };

const COMMANDS = [
  readCommand(key),
  existsCommand(key),
  deleteCommand(key),
  operateCommand(key, [{ code: OpCode.READ, bin: "a" }]),
  udfCommand(key, call),
  new BackgroundUdfCommand(job, call),
];

/** Every way that the body of a message proto is read: as the reply to each command, and as the stream of a query. */
export const MESSAGE_READERS: readonly ((body: Uint8Array) => void)[] = [
  ...COMMANDS.map((command) => (body: Uint8Array) => {
    const message = opened(body);
    while (message.next()) command.decode(message);
  }),
  (body) => {
    const command = new QueryCommand(query, () => undefined);
    const message = opened(body);
    while (message.next()) command.take(message);
  },
  (body) => {
    const command = new CountCommand(query, () => undefined);
    const message = opened(body);
    while (message.next()) command.take(message);
  },
];

function opened(body: Uint8Array): MessageReader {
  const message = new MessageReader();
  message.load(new Reader(body));
  return message;
}

/** Reads a stream of protos, each as a record's reply. */
export function readStream(bytes: Uint8Array): void {
  const splitter = new FrameSplitter();
  splitter.push(bytes);
  const message = new MessageReader();
  const operate = COMMANDS[3]!;
  while (splitter.next()) {
    message.load(splitter.body);
    while (message.next()) operate.decode(message);
  }
}
