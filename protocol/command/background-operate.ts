import type { Writer } from "../bytes/writer.js";
import { checkBackgroundOps } from "../check/check-ops.js";
import { Info3 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import type { Op } from "../message/op.js";
import {
  type BackgroundJob,
  type BackgroundStart,
  beginBackgroundJob,
  decodeBackgroundStart,
} from "./background-job.js";
import type { Command } from "./command.js";

// Write ops on every record that a job goes through: header and fields as in background-job.ts, then the ops.

/** `"replaceOnly"` replaces all bins of each record; the server never creates one, whatever is asked. */
export type BackgroundRecordExists = "updateOnly" | "replaceOnly";

/**
 * Starts a job of write ops on one node. A delete is the op DELETE_ALL: the header's delete flag means nothing here.
 * @example new BackgroundOperateCommand({ namespace: "test", setName: "users", taskId: 7n }, [
 *   { code: OpCode.INCR, bin: "score", value: 1 },
 * ])
 */
export class BackgroundOperateCommand implements Command<BackgroundStart> {
  readonly name = "background operate";
  readonly isWrite = true;
  readonly job: BackgroundJob;
  readonly #ops: readonly Op[];
  readonly #info3: number;

  /** Throws TypeError or RangeError when the ops are none, too many, badly named or one of them reads. */
  constructor(job: BackgroundJob, ops: readonly Op[], recordExists: BackgroundRecordExists = "updateOnly") {
    checkBackgroundOps(ops);
    this.job = job;
    this.#ops = ops;
    // Servers set UPDATE_ONLY themselves, so that no client sends it.
    this.#info3 = recordExists === "replaceOnly" ? Info3.REPLACE_ONLY : 0;
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = beginBackgroundJob(w, this.job, timeoutMs, this.#info3);
    m.filter(this.job.filter);
    for (const op of this.#ops) m.op(op);
    m.finish();
  }

  decode(message: MessageReader): BackgroundStart {
    return decodeBackgroundStart(message);
  }
}
