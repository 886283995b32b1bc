import { describe, expect, it } from "vitest";
import { Reader } from "../../../protocol/bytes/reader.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { AggregateCommand } from "../../../protocol/command/aggregate.js";
import type { StreamCommand } from "../../../protocol/command/command.js";
import { CountCommand, QueryCommand } from "../../../protocol/command/query.js";
import type { QueryRow } from "../../../protocol/command/query-row.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import { ResultError } from "../../../protocol/result-error.js";
import { decodeRawValue } from "../../../protocol/value/raw-value.js";
import { type DecodedRow, type Entry, loadVectors, responsesOf, toHex } from "../../support/vectors/entry.js";
import { keyOf } from "../../support/vectors/intent-command.js";
import { aggregateRequestOf, queryRequestOf } from "../../support/vectors/intent-query.js";
import { recordedRequest } from "../../support/vectors/recorded-request.js";
import { type Typed, toDecoded } from "../../support/vectors/typed-value.js";

const entries = loadVectors("query");
const foreground = entries.flatMap((entry) => {
  const request = queryRequestOf(entry);
  return request === undefined ? [] : [{ entry, request }];
});

/** Feeds all protos to a command; answers the result code that ended the stream. */
function run(command: StreamCommand, entry: Entry): number {
  const message = new MessageReader();
  let last = false;
  for (const response of responsesOf(entry)) {
    message.load(new Reader(response, 8));
    while (message.next()) {
      expect(last, "nothing follows the end").toBe(false);
      try {
        last = command.take(message);
      } catch (error) {
        if (error instanceof ResultError) return error.resultCode;
        throw error;
      }
    }
  }
  expect(last, "the stream has an end").toBe(true);
  return 0;
}

function expectedRow(row: DecodedRow): QueryRow {
  return {
    namespace: row.namespace ?? "",
    setName: row.set ?? "",
    digest: new Uint8Array(Buffer.from(row.digest ?? "", "hex")),
    userKey: row.key && userKeyOf(row.key),
    bval: row.bval === undefined ? undefined : BigInt(row.bval),
    generation: row.generation,
    voidTime: row.voidTime,
    bins: Object.fromEntries(row.bins.map((bin) => [bin.name, toDecoded(bin.value)])),
    results: undefined,
  };
}

function userKeyOf(typed: Typed): QueryRow["userKey"] {
  const key = keyOf({ ns: "test", key: typed });
  return key?.userKey;
}

function byDigest(rows: QueryRow[]): QueryRow[] {
  return rows.sort((a, b) => (toHex(a.digest) < toHex(b.digest) ? -1 : 1));
}

describe("recorded aggregations", () => {
  const aggregations = entries.flatMap((entry) => {
    const request = aggregateRequestOf(entry);
    return request === undefined ? [] : [{ entry, request }];
  });

  it("are rebuilt byte for byte from their intents, and give the values that the server sent", () => {
    expect(aggregations.length).toBe(12);
    for (const { entry, request } of aggregations) {
      const values: unknown[] = [];
      const command = new AggregateCommand(request, (value) => values.push(decodeRawValue(value)));
      const w = new Writer();
      command.encode(w, recordedRequest(entry).timeoutMs);
      expect(toHex(w.view()), entry.id).toBe(entry.request);
      const { resultCode, values: expected = [] } = entry.decoded;
      const failure = expected.find((row) => row["FAILURE"] !== undefined);
      const code = run(command, entry);
      // No records of the set are no error; a function's error has a code of its own.
      expect(code, entry.id).toBe(failure === undefined ? (resultCode === 2 ? 0 : resultCode) : 100);
      if (failure === undefined) expect(values, entry.id).toEqual(expected.map((row) => toDecoded(row["SUCCESS"]!)));
    }
  });
});

describe("recorded queries", () => {
  it("are rebuilt byte for byte from their intents", () => {
    expect(foreground.length).toBe(76);
    for (const { entry, request } of foreground) {
      const w = new Writer();
      new QueryCommand(request, () => undefined).encode(w, recordedRequest(entry).timeoutMs);
      expect(toHex(w.view()), entry.id).toBe(entry.request);
    }
  });

  it("give the rows that the server sent", () => {
    const replies = entries.filter((entry) => entry.decoded.rows !== undefined && entry.decoded.values === undefined);
    let rows = 0;
    for (const entry of replies) {
      const got: QueryRow[] = [];
      const request = { namespace: "test", setName: "", taskId: 1n, partitions: [] };
      const command = new QueryCommand(request, (row) => got.push(row));
      const code = run(command, entry);
      expect(code, entry.id).toBe(entry.decoded.resultCode);
      expect(byDigest(got), entry.id).toStrictEqual(byDigest(entry.decoded.rows!.map(expectedRow)));
      expect(command.failures.length, entry.id).toBe(entry.decoded.partitionStatus?.length ?? 0);
      rows += got.length;
    }
    expect(rows).toBeGreaterThan(500);
  });

  it("are counted without reading the rows", () => {
    const headers = foreground.filter(({ request }) => request.bins === "header");
    expect(headers.length).toBe(3);
    for (const { entry, request } of headers) {
      const digests: string[] = [];
      const command = new CountCommand(request, ({ digest }) => digests.push(toHex(digest)));
      const w = new Writer();
      command.encode(w, recordedRequest(entry).timeoutMs);
      expect(toHex(w.view())).toBe(entry.request);
      expect(run(command, entry)).toBe(0);
      expect(command.count).toBe(entry.decoded.rows!.length);
      expect(digests.sort()).toEqual(entry.decoded.rows!.map((row) => row.digest).sort());
    }
  });
});
