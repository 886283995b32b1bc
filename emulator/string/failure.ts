import { ResultCode } from "../../protocol/result-code.js";
import type { ErrorDetail } from "../record/error-detail.js";

/** Why an operation on a string did not do its work. */
export class StringFailure {
  readonly code: number;
  readonly detail: ErrorDetail;
  /** NO_FAIL makes it a success that changes nothing. */
  readonly isLenient: boolean;

  constructor(code: number, subCode: number | undefined, message: string, isLenient: boolean) {
    this.code = code;
    this.detail = subCode === undefined ? { message } : { subCode, message };
    this.isLenient = isLenient;
  }
}

/** Sub codes of PARAMETER_ERROR. */
const Param = { PARAMS: 6, OP: 7, CONTEXT: 8, INDEX: 9, REGEX: 10, UTF8: 11 } as const;
/** Sub codes of OP_NOT_APPLICABLE. */
const NotApplicable = { CONVERSION: 10, UTF8: 11, BASE64: 13 } as const;

const parameter = (subCode: number, message: string, isLenient = false): StringFailure =>
  new StringFailure(ResultCode.PARAMETER_ERROR, subCode, message, isLenient);

const notApplicable = (subCode: number | undefined, message: string): StringFailure =>
  new StringFailure(ResultCode.OP_NOT_APPLICABLE, subCode, message, true);

export const badParams = (message: string): StringFailure => parameter(Param.PARAMS, message);
export const badOp = (code: number): StringFailure => parameter(Param.OP, `there is no string operation ${code}`);
export const badContext = (message: string): StringFailure => parameter(Param.CONTEXT, message);
export const badIndex = (message: string): StringFailure => parameter(Param.INDEX, message, true);
export const badRegex = (message: string): StringFailure => parameter(Param.REGEX, message);
export const badParamText = (): StringFailure => parameter(Param.UTF8, "a parameter is not UTF-8");
export const notConvertible = (message: string): StringFailure => notApplicable(NotApplicable.CONVERSION, message);
export const notBase64 = (): StringFailure => notApplicable(NotApplicable.BASE64, "the string is not base64");
export const badReplacement = (message: string): StringFailure => notApplicable(undefined, message);
export const notUtf8 = (): StringFailure =>
  new StringFailure(ResultCode.INVALID_ENCODING, undefined, "the string is not UTF-8", false);
export const wrongType = (): StringFailure =>
  new StringFailure(ResultCode.BIN_TYPE_ERROR, undefined, "the value is no string", false);
