import type { UdfCompileError as Refusal } from "../../protocol/info/udf-info.js";
import { ResultCode } from "../../protocol/result-code.js";
import { mark } from "../errors/errors.js";
import { UdfError } from "../errors/udf-error.js";

/** A module that Lua can't compile, or whose top level fails when it is run. Nothing was registered. */
export class UdfCompileError extends UdfError {
  static {
    mark(UdfCompileError, "UdfCompileError");
  }

  /** Name of the module's file on the server. */
  declare readonly fileName: string;
  /** Line of the source, from 1; 0 when the server does not say. */
  declare readonly line: number;
  /** Lua's own words. */
  declare readonly luaMessage: string;

  constructor({ fileName, line, message }: Refusal, node?: string) {
    super(`The module does not compile: ${fileName}:${line}: ${message}`, {
      code: "UDF",
      resultCode: ResultCode.UDF_EXECUTION,
      node,
      lua: { fileName, line, message },
    });
  }
}
