import { fromHex, loadVectors, responsesOf } from "../vectors/entry.js";

const FILES = [
  "addenda",
  "ael",
  "background",
  "batch",
  "bits",
  "errors",
  "expressions",
  "hll",
  "index",
  "info",
  "lists",
  "maps",
  "query",
  "single-record",
  "udf",
  "values",
];
/** Longer ones take time and show no more. */
const MOST = 8_192;

let requests: readonly Uint8Array[] | undefined;
let replies: readonly Uint8Array[] | undefined;

/** What a real server was asked, each message once. */
export function recordedRequests(): readonly Uint8Array[] {
  requests ??= distinct(FILES.flatMap(loadVectors).map(({ request }) => fromHex(request)));
  return requests;
}

/** What it replied, each message once. */
export function recordedReplies(): readonly Uint8Array[] {
  replies ??= distinct(FILES.flatMap(loadVectors).flatMap(responsesOf));
  return replies;
}

function distinct(messages: readonly Uint8Array[]): Uint8Array[] {
  const all = new Map<string, Uint8Array>();
  for (const message of messages) {
    if (message.length > 8 && message.length <= MOST) all.set(Buffer.from(message).toString("latin1"), message);
  }
  return [...all.values()];
}
