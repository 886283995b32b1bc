import { Reader } from "../../../protocol/bytes/reader.js";
import { decodeUtf8 } from "../../../protocol/bytes/utf8.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { decodeBackgroundStart } from "../../../protocol/command/background-job.js";
import { readQueryRow } from "../../../protocol/command/query-row.js";
import { readBins, readOpResults } from "../../../protocol/command/record-reply.js";
import { readExpression } from "../../../protocol/exp/read.js";
import { FrameSplitter } from "../../../protocol/frame/frame-splitter.js";
import { PROTO_HEADER_SIZE, ProtoType } from "../../../protocol/frame/proto.js";
import { parseHostList } from "../../../protocol/info/host-list.js";
import { parseIndexList, parseIndexStat } from "../../../protocol/info/index-info.js";
import { parseInfoError } from "../../../protocol/info/info-error.js";
import { parseInfoReply } from "../../../protocol/info/info-reply.js";
import { parseJobList, parseJobStatus } from "../../../protocol/info/job-status.js";
import { parseNamespaceInfo, parseNamespaces } from "../../../protocol/info/namespace-info.js";
import { parseEntries, parsePairs } from "../../../protocol/info/pairs.js";
import { parsePeers } from "../../../protocol/info/peers.js";
import { parseReplicas } from "../../../protocol/info/replicas.js";
import { ServerVersion } from "../../../protocol/info/server-version.js";
import { parseSet, parseSets, parseSetValues } from "../../../protocol/info/set-info.js";
import { parseUdfCompileError, parseUdfList, parseUdfSource } from "../../../protocol/info/udf-info.js";
import { readErrorDetails } from "../../../protocol/message/error-details.js";
import { FieldType } from "../../../protocol/message/field-type.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import { ProtocolError } from "../../../protocol/protocol-error.js";
import { ResultError } from "../../../protocol/result-error.js";
import { readSecurityReply } from "../../../protocol/security/login.js";
import {
  readSecurityHeader,
  SecurityCommand,
  SecurityField,
  type SecurityRequest,
  writeSecurity,
} from "../../../protocol/security/message.js";
import { writePrivileges, writeShort } from "../../../protocol/security/privilege.js";
import { readRole } from "../../../protocol/security/roles.js";
import { readUser } from "../../../protocol/security/users.js";
import { InvalidValue } from "../../../protocol/value/invalid-value.js";
import { readParticle } from "../../../protocol/value/particle.js";
import { ParticleType } from "../../../protocol/value/particle-type.js";
import { unpackValue } from "../../../protocol/value/unpack.js";
import { recordedReplies, recordedRequests } from "./seeds.js";

/** Something that reads bytes of others. */
export interface Decoder {
  readonly name: string;
  decode(bytes: Uint8Array): void;
  /** Bytes that it can read. */
  seeds(): readonly Uint8Array[];
}

/** Everything that reads what came over the network, without client and sockets around it. */
export const DECODERS: readonly Decoder[] = [
  { name: "messages", decode: readMessages, seeds: recordedReplies },
  {
    name: "operations",
    decode: (bytes) => eachMessage(bytes, (message) => void readOpResults(message)),
    seeds: messages,
  },
  { name: "rows", decode: (bytes) => eachMessage(bytes, (message) => void readQueryRow(message)), seeds: messages },
  {
    name: "starts",
    decode: (bytes) => eachMessage(bytes, (message) => void decodeBackgroundStart(message)),
    seeds: messages,
  },
  {
    name: "error details",
    decode: (bytes) => eachMessage(bytes, (message) => void readErrorDetails(message)),
    seeds: messages,
  },
  { name: "packed values", decode: (bytes) => void unpackValue(new Reader(bytes)), seeds: packedValues },
  {
    name: "packed values as maps and bigints",
    decode: (bytes) => void unpackValue(new Reader(bytes), { maps: "map", int64: "bigint" }),
    seeds: packedValues,
  },
  {
    name: "particles",
    decode: (bytes) => void readParticle(new Reader(bytes.subarray(1)), bytes[0] ?? 0, Math.max(0, bytes.length - 1)),
    seeds: particles,
  },
  { name: "expressions", decode: (bytes) => void readExpression(bytes), seeds: filters },
  { name: "logins", decode: (bytes) => void readSecurityReply(new Reader(bytes)), seeds: security },
  {
    name: "users",
    decode: (bytes) => readSecurity(bytes, readUser),
    seeds: security,
  },
  {
    name: "roles",
    decode: (bytes) => readSecurity(bytes, readRole),
    seeds: security,
  },
  { name: "info", decode: (bytes) => void parseInfoReply(new Reader(bytes), commandsIn(bytes)), seeds: infoBodies },
  ...texts({
    peers: parsePeers,
    replicas: parseReplicas,
    hosts: (text) => parseHostList(text, 3000),
    sets: parseSets,
    set: (text) => parseSet(text, "test", "demo"),
    "set values": parseSetValues,
    namespaces: parseNamespaces,
    namespace: parseNamespaceInfo,
    pairs: parsePairs,
    entries: parseEntries,
    "index list": parseIndexList,
    "index statistics": parseIndexStat,
    "info error": parseInfoError,
    job: parseJobStatus,
    jobs: parseJobList,
    version: (text) => ServerVersion.parse(text),
    modules: parseUdfList,
    "source of a module": parseUdfSource,
    "error in a module": parseUdfCompileError,
  }),
];

/** What a decoder may throw: that the bytes are wrong. Else the text of what it threw. */
export function foreignError(error: unknown): string | undefined {
  if ([ProtocolError, ResultError, InvalidValue].some((own) => error instanceof own)) return undefined;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // Expressions are refused with errors of these classes; those of the engine have other words.
  const isOurs = error instanceof TypeError || (error instanceof RangeError && error.constructor === RangeError);
  return isOurs && !ENGINE.test(error.message) ? undefined : text;
}

const ENGINE =
  /Cannot |is not (a function|iterable|defined|a constructor|an object)|call stack|Invalid (array|typed array|string) length|Offset is outside|out of bounds|Invalid code point|BigInt/;

function readMessages(bytes: Uint8Array): void {
  const splitter = new FrameSplitter();
  splitter.push(bytes);
  const message = new MessageReader();
  while (splitter.next()) {
    if (splitter.type !== ProtoType.MESSAGE) continue;
    message.load(splitter.body);
    while (message.next()) {
      while (message.nextField());
      readBins(message);
    }
  }
}

function eachMessage(bytes: Uint8Array, read: (message: MessageReader) => void): void {
  const message = new MessageReader();
  message.load(new Reader(bytes));
  while (message.next()) {
    read(message);
    while (message.nextField());
    while (message.nextOp());
  }
}

function readSecurity(bytes: Uint8Array, read: (body: Reader, fields: number) => unknown): void {
  const body = new Reader(bytes);
  while (body.left > 0) read(body, readSecurityHeader(body).fields);
}

/** The commands that a reply to info names, so that it is one to them. */
function commandsIn(bytes: Uint8Array): string[] {
  const text = decodeUtf8(bytes, 0, Math.min(bytes.length, 4_096));
  return text.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t", 1)[0] ?? ""]));
}

function texts(parsers: Readonly<Record<string, (text: string) => unknown>>): Decoder[] {
  return Object.entries(parsers).map(([name, parse]) => ({
    name,
    decode: (bytes) => void parse(decodeUtf8(bytes, 0, bytes.length)),
    seeds: infoValues,
  }));
}

/** A login, a user and a role as a node describes them. */
function security(): Uint8Array[] {
  const number = (...numbers: readonly number[]) => {
    return (w: Writer): void => {
      w.u8(numbers.length);
      for (const one of numbers) w.u32(one);
    };
  };
  const roles = (w: Writer): void => {
    w.u8(2);
    writeShort(w, "read");
    writeShort(w, "auditor");
  };
  const { USER, ROLES, ROLE, PRIVILEGES, ALLOWLIST, READ_QUOTA, READ_INFO, WRITE_INFO } = SecurityField;
  const { CONNECTIONS, SESSION_TOKEN, SESSION_TTL } = SecurityField;
  const privileges = [{ code: "read" as const, namespace: "test", setName: "s" }, { code: "sys-admin" as const }];
  const replies: readonly SecurityRequest["fields"][] = [
    [
      [SESSION_TOKEN, Uint8Array.of(1, 2, 3)],
      [SESSION_TTL, 3_600],
    ],
    [
      [USER, "ann"],
      [ROLES, roles],
      [READ_INFO, number(5, 1, 0, 2)],
      [WRITE_INFO, number(5, 1)],
      [CONNECTIONS, 2],
    ],
    [
      [ROLE, "auditor"],
      [PRIVILEGES, (w) => writePrivileges(w, privileges)],
      [ALLOWLIST, "127.0.0.1,10.0.0.0/8"],
      [READ_QUOTA, 5],
    ],
  ];
  return replies.map((fields) => {
    const w = new Writer();
    writeSecurity(w, { command: SecurityCommand.LOGIN, fields });
    return w.copy(PROTO_HEADER_SIZE);
  });
}

function messages(): Uint8Array[] {
  return recordedReplies()
    .filter((bytes) => bytes[1] === ProtoType.MESSAGE)
    .map((bytes) => bytes.subarray(PROTO_HEADER_SIZE));
}

function infoBodies(): Uint8Array[] {
  return recordedReplies()
    .filter((bytes) => bytes[1] === ProtoType.INFO)
    .map((bytes) => bytes.subarray(PROTO_HEADER_SIZE));
}

function infoValues(): Uint8Array[] {
  const values = infoBodies().flatMap((body) => {
    const lines = decodeUtf8(body, 0, body.length).split("\n");
    return lines.map((line) => line.slice(line.indexOf("\t") + 1));
  });
  return [...new Set(values)].map((value) => new TextEncoder().encode(value));
}

/** Type and bytes of every value in the recorded replies. */
function particles(): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  const message = new MessageReader();
  for (const bytes of messages()) {
    try {
      message.load(new Reader(bytes));
      while (message.next()) {
        while (message.nextField());
        while (message.nextOp()) {
          const particle = Uint8Array.of(message.opType, ...message.reader.copy(message.size));
          found.set(particle.join(), particle);
        }
      }
    } catch {
      // Some of what was recorded is longer than one body.
    }
  }
  return [...found.values()];
}

function packedValues(): Uint8Array[] {
  return particles()
    .filter(([type]) => type === ParticleType.LIST || type === ParticleType.MAP)
    .map((bytes) => bytes.subarray(1));
}

/** The expressions in the recorded requests. */
function filters(): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  const message = new MessageReader();
  for (const bytes of recordedRequests().filter((request) => request[1] === ProtoType.MESSAGE)) {
    message.load(new Reader(bytes.subarray(PROTO_HEADER_SIZE)));
    try {
      message.next();
      while (message.nextField()) {
        if (message.fieldType !== FieldType.FILTER_EXPRESSION) continue;
        const packed = message.reader.copy(message.size);
        found.set(packed.join(), packed);
      }
    } catch {
      // Some of what was recorded is wrong on purpose.
    }
  }
  return [...found.values()];
}
