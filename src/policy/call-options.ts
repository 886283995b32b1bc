import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { QUESTION_MS } from "../cluster/info-client.js";
import type { InfoSettings } from "../cluster/options.js";
import { checkSignal } from "../time/check-signal.js";
import { checkPatch, type SettingsPatch } from "./settings.js";

/** Options that every operation takes, for itself alone; what is absent is as the session's behavior says. */
export interface CallOptions {
  /** Gives up, with AbortError. What was sent and changes something may have happened. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole operation, retries included; 0 for no limit. */
  readonly totalTimeout?: number | undefined;
  /** Milliseconds for one attempt; see {@link Settings.socketTimeout}. */
  readonly socketTimeout?: number | "auto" | undefined;
  /** Attempts after the first. A write that may have happened is never tried again, whatever this says. */
  readonly maxRetries?: number | undefined;
}

/** The names of these options, to stand among others. */
export const CALL_OPTIONS: OptionNames<CallOptions> = {
  signal: true,
  totalTimeout: true,
  socketTimeout: true,
  maxRetries: true,
};

/** Settings that a call has for itself. */
export type CallSettings = Pick<SettingsPatch, "totalTimeout" | "socketTimeout" | "maxRetries">;

/** What other clients take as options of a write. */
const ELSEWHERE = { ttl: "session.upsert(key).expireRecordAfterSeconds()" };

/**
 * @param known the names of the options that the method takes
 * @throws TypeError for an option that does not exist or a signal that is none; RangeError for a value outside its range
 */
export function checkCallOptions<O extends CallOptions>(
  method: string,
  options: O,
  known: OptionNames<O> = CALL_OPTIONS as OptionNames<O>,
): void {
  checkOptions<O>(method, options, known, ELSEWHERE);
  checkSignal(method, options.signal);
  const settings = settingsOfCall(options);
  if (settings !== undefined) checkPatch(method, settings);
}

/** How patiently nodes are asked for something that they can reply to at once, unless the call says otherwise. */
export function questionOf({ socketTimeout = "auto", maxRetries = 0 }: CallOptions): InfoSettings {
  return { socketTimeoutMs: socketTimeout === "auto" ? QUESTION_MS : socketTimeout, maxRetries };
}

/** What a call says otherwise than the behavior; undefined when nothing, as most of the time. */
export function settingsOfCall({ totalTimeout, socketTimeout, maxRetries }: CallOptions): CallSettings | undefined {
  if (totalTimeout === undefined && socketTimeout === undefined && maxRetries === undefined) return undefined;
  return {
    ...(totalTimeout !== undefined && { totalTimeout }),
    ...(socketTimeout !== undefined && { socketTimeout }),
    ...(maxRetries !== undefined && { maxRetries }),
  };
}
