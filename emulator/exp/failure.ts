import type { ErrorDetail } from "../record/error-detail.js";
import type { Refused } from "./refused.js";

// What a server of 8.2 says of an expression that it can't build or work out.

/** @param where "filter", "operation" … */
export function buildDetail(where: string, { message, offset, text }: Refused): ErrorDetail {
  if (text !== undefined) {
    const { offset: textOffset, length: textLength, line, column } = text;
    return {
      message: `${where}: ${message} (line ${line}, column ${column})`,
      trace: { phase: "build", language: "text", textOffset, textLength },
    };
  }
  const trace = {
    phase: "build",
    language: "packed",
    ...(offset === undefined ? {} : { byteOffset: offset }),
  } as const;
  return { message: `${where}: ${message}`, trace };
}

export const EVALUATION_FAILED: ErrorDetail = {
  message: "the expression could not be evaluated",
  trace: { phase: "evaluation", outcome: "fault", language: "packed" },
};

/** @param outcome whether the filter was false, or could not be told */
export function filteredDetail(outcome: "fault" | "false" | "absent"): ErrorDetail {
  return { message: "the record was filtered out", trace: { phase: "evaluation", outcome, language: "packed" } };
}
