import type { Entry } from "./recorded.js";
import { messagesOf, protosOf, type WireMessage, type WireProto, type WireRow } from "./wire-reply.js";

const INFO = 1;
const MESSAGE = 3;
const LAST = 0x01;
const PARTITION_DONE = 0x04;
const DIGEST_FIELD = 4;

/** A reply in a form that is equal wherever it may not differ. */
export type NormalReply = { readonly [part: string]: unknown } | string;

export interface NormalOptions {
  /** Seconds since 2010 when the reply came. */
  readonly now: number;
  /** What of the replying server is put in place of its own: node id, address. */
  readonly replace?: ReadonlyMap<string, string>;
}

export function isStream(entry: Entry): boolean {
  const { command, reply } = entry.intent;
  return ["scan", "query", "batch"].includes(command) || reply === "query" || reply === "batch";
}

/** Whether a reply to this entry is complete. */
export function isWholeReply(entry: Entry, reply: Uint8Array): boolean {
  const protos = protosOf(reply);
  if (!isStream(entry)) return protos.length > 0;
  return messagesOf(protos).some(
    ({ info3, code, rows, fields }) =>
      (info3 & LAST) !== 0 ||
      (code !== 0 && (info3 & PARTITION_DONE) === 0 && rows.length === 0 && fields.length === 0),
  );
}

export function normalReply(entry: Entry, reply: Uint8Array, options: NormalOptions): NormalReply {
  const protos = protosOf(reply);
  const first = protos[0];
  if (first === undefined) return "no reply";
  if (first.type === INFO) return normalInfo(entry, first, options);
  if (first.type !== MESSAGE) return { type: first.type, body: first.body.toString("hex") };
  const messages = messagesOf(protos);
  return isStream(entry) ? normalStream(entry, messages, options) : normalMessage(entry, messages[0]!, options);
}

function normalMessage(entry: Entry, message: WireMessage, { now }: NormalOptions): NormalReply {
  const volatile = entry.volatile ?? [];
  if (volatile.includes("*")) return { kind: "message" };
  return {
    code: volatile.includes("resultCode") ? "any" : message.code,
    generation: volatile.includes("generation") ? "any" : message.generation,
    voidTime: message.voidTime === 0 ? 0 : message.voidTime - now,
    info1: message.info1,
    info3: message.info3,
    fields: message.fields,
    rows: message.rows.map((row) => normalRow(row, volatile)),
  };
}

function normalRow(row: WireRow, volatile: readonly string[]): unknown {
  return volatile.includes("bins") ? { op: row.op, name: row.name } : row;
}

function normalStream(entry: Entry, messages: readonly WireMessage[], options: NormalOptions): NormalReply {
  const volatile = entry.volatile ?? [];
  const last = messages.at(-1)!;
  const isFailure = messages.length === 1 && (last.info3 & LAST) === 0;
  const rows = (isFailure ? [] : messages.slice(0, -1)).filter((message) => (message.info3 & PARTITION_DONE) === 0);
  const sorted = rows.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return {
    code: last.code,
    isLast: (last.info3 & LAST) !== 0,
    partitions: messages
      .filter(({ info3 }) => info3 & PARTITION_DONE)
      .map(({ code, generation }) => [code, generation]),
    rows: volatile.includes("rows")
      ? rowsInAnyNumber(rows)
      : sorted.map((row) => ({ index: row.rowIndex, ...Object(normalMessage(entry, row, options)) })),
  };
}

/** Each thread of an aggregation that fails says why; of other rows the number is the data's. */
function rowsInAnyNumber(rows: readonly WireMessage[]): unknown {
  const failures = rows.flatMap((message) => message.rows).filter(({ name }) => name === "FAILURE");
  return failures.length > 0 ? { failures: [...new Set(failures.map((row) => JSON.stringify(row)))] } : rows.length;
}

function sortKey(message: WireMessage): string {
  const digest = message.fields.find(({ type }) => type === DIGEST_FIELD)?.data ?? "";
  return `${digest} ${String(message.rowIndex).padStart(10, "0")} ${JSON.stringify(message.rows)}`;
}

function normalInfo(entry: Entry, proto: WireProto, { replace }: NormalOptions): NormalReply {
  let text = proto.body.toString("latin1");
  const volatile = entry.volatile ?? [];
  if (volatile.includes("*")) return { names: text.split("\n").map((line) => line.split("\t")[0]) };
  for (const [own, recorded] of replace ?? []) text = text.replaceAll(own, recorded);
  // The server that was recorded opened contexts with two brackets; one that is built from its source opens them with one.
  text = text.replaceAll(":context=[[", ":context=[");
  for (const word of volatile) text = text.replace(new RegExp(`\\b${word}=[^;:,\\n]*`, "g"), `${word}=any`);
  return { text };
}
