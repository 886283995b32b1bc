import type { RecordData } from "../../protocol/command/record-reply.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { Key } from "../data/key.js";
import { Record } from "./record.js";
import { secondsToLive } from "./void-time.js";

/** The record that a reply carries. */
export function recordOfReply<T, B>(reply: RecordData, key: Key<T>, runtime: Runtime): Record<T, B> {
  // The one place where bins get the type that their data set declares: nobody but the caller can know it.
  const bins = reply.bins as B;
  return new Record<T, B>(key, bins, reply.generation, secondsToLive(reply.voidTime, runtime));
}
