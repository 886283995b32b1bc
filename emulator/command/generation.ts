import { Info2 } from "../../protocol/message/flags.js";
import type { Request } from "./request.js";

/** Whether a record of this generation (0 for none) meets what the request demands. */
export function isExpectedGeneration(request: Request, generation: number): boolean {
  if (request.info2 & Info2.GENERATION) return request.generation === generation;
  if (request.info2 & Info2.GENERATION_GT) return request.generation > generation;
  return true;
}
