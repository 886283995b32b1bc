import { describe, expect, it } from "vitest";
import { Reader } from "../../../protocol/bytes/reader.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import type { BackgroundStart } from "../../../protocol/command/background-job.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import { ResultError } from "../../../protocol/result-error.js";
import { type Entry, loadVectors, responsesOf, toHex } from "../../support/vectors/entry.js";
import { backgroundCommandOf } from "../../support/vectors/intent-query.js";
import { recordedRequest } from "../../support/vectors/recorded-request.js";

const entries = loadVectors("background").filter((entry) => entry.intent.background);

const REFUSED: ReadonlyMap<string, RegExp> = new Map([
  ["background/handmade/003", /at least one operation/],
  ["background/handmade/004", /read bin "n": a background job can only write/],
]);

/** Not this client's to send: an op by its number, and a short query, which no job can be. */
const OTHERS: ReadonlySet<string> = new Set(["background/handmade/005", "background/handmade/006"]);

const jobs = entries.filter((entry) => !REFUSED.has(entry.id) && !OTHERS.has(entry.id));

/** A node's answer, or the result code of its refusal. */
function start(entry: Entry): BackgroundStart | number {
  const message = new MessageReader();
  message.load(new Reader(responsesOf(entry)[0]!, 8));
  expect(message.next()).toBe(true);
  try {
    return backgroundCommandOf(entry)!.decode(message);
  } catch (error) {
    if (error instanceof ResultError) return error.resultCode;
    throw error;
  } finally {
    expect(message.reader.left, entry.id).toBe(0);
  }
}

describe("recorded background jobs", () => {
  it("are rebuilt byte for byte from their intents", () => {
    expect(jobs.length).toBe(29);
    for (const entry of jobs) {
      const w = new Writer();
      backgroundCommandOf(entry)!.encode(w, recordedRequest(entry).timeoutMs);
      expect(toHex(w.view()), entry.id).toBe(entry.request);
    }
  });

  it("start, have nothing to do or are refused as the server said", () => {
    const answers = jobs.map((entry) => [entry.id, start(entry)]);
    const expected = jobs.map(({ id, decoded: { resultCode } }) => {
      if (resultCode === 0) return [id, "started"];
      return [id, resultCode === 2 ? "no such set" : resultCode];
    });
    expect(answers).toEqual(expected);
    expect(new Set(answers.map(([, answer]) => answer))).toEqual(new Set(["started", "no such set", 4, 20, 201]));
  });

  it("are refused before they are sent where no server would take them", () => {
    for (const [id, reason] of REFUSED) {
      const entry = entries.find((candidate) => candidate.id === id)!;
      expect(() => backgroundCommandOf(entry), id).toThrow(reason);
    }
  });
});
