import type { Writer } from "../bytes/writer.js";
import type { MessageReader } from "../message/message-reader.js";
import {
  type BackgroundJob,
  type BackgroundStart,
  beginBackgroundJob,
  decodeBackgroundStart,
} from "./background-job.js";
import type { Command } from "./command.js";
import { type UdfCall, UdfOp, writeUdfFields } from "./udf-call.js";

// A Lua function on every record that a job goes through: header and fields as in background-job.ts with the fields of
// udf-call.ts before the filter, no ops.

/**
 * Starts a job of UDF calls on one node. What the function returns is dropped; its errors are counted.
 * @example new BackgroundUdfCommand({ namespace: "test", setName: "users", taskId: 7n }, { package: "m", function: "f", args: [] })
 */
export class BackgroundUdfCommand implements Command<BackgroundStart> {
  readonly name = "background udf";
  readonly isWrite = true;
  readonly job: BackgroundJob;
  readonly #call: UdfCall;

  constructor(job: BackgroundJob, call: UdfCall) {
    this.job = job;
    this.#call = call;
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = beginBackgroundJob(w, this.job, timeoutMs);
    writeUdfFields(m, this.#call, UdfOp.BACKGROUND);
    m.filter(this.job.filter);
    m.finish();
  }

  decode(message: MessageReader): BackgroundStart {
    return decodeBackgroundStart(message);
  }
}
