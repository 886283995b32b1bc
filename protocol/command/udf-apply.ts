import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import type { MessageReader } from "../message/message-reader.js";
import { ProtocolError } from "../protocol-error.js";
import { ResultCode } from "../result-code.js";
import { ResultError } from "../result-error.js";
import { readParticle } from "../value/particle.js";
import type { DecodeOptions } from "../value/value.js";
import { beginWrite } from "./begin-write.js";
import type { RecordCommand } from "./command.js";
import { refuse } from "./record-reply.js";
import { type UdfCall, writeUdfFields } from "./udf-call.js";
import type { WritePolicy } from "./write-policy.js";

// A UDF call on one record: header and fields as in begin-write.ts, then the fields of udf-call.ts, no ops.
// The reply has one bin: SUCCESS with the returned value, or with result code 100 FAILURE with a text.

/** What a UDF call can ask for; a server refuses generation and record-exists flags on it. */
export interface UdfPolicy extends Pick<WritePolicy, "filter" | "ttl" | "durableDelete" | "commitLevel" | "sendKey"> {
  readonly decode?: DecodeOptions | undefined;
}

const NO_POLICY: UdfPolicy = {};

/**
 * Runs a Lua function on a record; answers what it returned, null for nil. An error in Lua is a ResultError with
 * UDF_EXECUTION (100) and the text of the error.
 * @example new UdfApplyCommand(key, { package: "golden", function: "echo", args: [1] })
 */
export class UdfApplyCommand implements RecordCommand<unknown> {
  readonly name = "udf";
  readonly isWrite = true;
  readonly key: RecordKey;
  readonly #call: UdfCall;
  readonly #policy: UdfPolicy;

  constructor(key: RecordKey, call: UdfCall, policy: UdfPolicy = NO_POLICY) {
    this.key = key;
    this.#call = call;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = beginWrite(w, this.key, this.#policy, timeoutMs);
    writeUdfFields(m, this.#call);
    m.finish();
  }

  decode(message: MessageReader): unknown {
    const code = message.resultCode;
    if (code !== ResultCode.OK && code !== ResultCode.UDF_EXECUTION) refuse(message);
    message.skipFields();
    let success: unknown;
    let failure: unknown;
    message.ops((_op, bin, type, value, size) => {
      const content = readParticle(value, type, size, this.#policy.decode);
      if (bin === "SUCCESS") success = content;
      else if (bin === "FAILURE") failure = content;
    });
    if (code !== ResultCode.OK || failure !== undefined) {
      throw new ResultError(ResultCode.UDF_EXECUTION, typeof failure === "string" ? failure : undefined);
    }
    if (success === undefined) throw new ProtocolError("the reply to a UDF call has neither SUCCESS nor FAILURE");
    return success;
  }
}
