import { describe, expect, it } from "vitest";
import { Writer } from "../../../protocol/bytes/writer.js";
import type { Command } from "../../../protocol/command/command.js";
import { touchCommand } from "../../support/record-commands.js";
import { type Entry, loadVectors, toHex } from "../../support/vectors/entry.js";
import { keyOf, recordCommandOf } from "../../support/vectors/intent-command.js";
import { policyOf } from "../../support/vectors/intent-policy.js";
import { recordedRequest } from "../../support/vectors/recorded-request.js";

/** How many requests of each file are rebuilt; the others ask for what this client never writes. */
const FILES = [
  { file: "single-record", rebuilt: 242 },
  { file: "values", rebuilt: 278 },
  { file: "udf", rebuilt: 67 },
];

/** What this client refuses to send, though a server has an answer to it. */
const REFUSED: ReadonlyMap<string, RegExp> = new Map([
  ["single-record/put/008", /no bin to write: a write takes at least one bin/],
  ["single-record/operate/043", /read of all bins can't be combined/],
  ["single-record/operate/044", /read of all bins can't be combined/],
  ["single-record/operate/046", /read of all bins can't be combined/],
  ["values/bin-names/005", /takes 16 bytes/],
  ["values/bin-names/006", /takes 16 bytes/],
  ["values/bin-names/007", /holds a NUL/],
  ["values/bin-names/008", /takes 16 bytes/],
]);

/** A read-all with a row for every op, which servers refuse: this client drops the flag. */
const OTHERWISE = "single-record/operate/045";

function encode(command: Command<unknown>, entry: Entry): string {
  const w = new Writer();
  command.encode(w, recordedRequest(entry).timeoutMs);
  return toHex(w.view());
}

function rebuild(entry: Entry): string | undefined {
  const command = recordCommandOf(entry);
  return command && encode(command, entry);
}

describe.each(FILES)("recorded requests of $file", ({ file, rebuilt }) => {
  const entries = loadVectors(file).filter((entry) => !["raw", "info"].includes(entry.intent.command));
  const sendable = entries.filter((entry) => !REFUSED.has(entry.id) && entry.id !== OTHERWISE);

  it("are rebuilt byte for byte from their intents", () => {
    const requests = sendable.map((entry) => ({ entry, request: rebuild(entry) }));
    const built = requests.filter(({ request }) => request !== undefined);
    for (const { entry, request } of built) expect(request, entry.id).toBe(entry.request);
    expect(built.length).toBe(rebuilt);
  });

  it("are all rebuilt where another client sent them", () => {
    const native = sendable.filter((entry) => entry.origin !== "handmade");
    expect(native.filter((entry) => rebuild(entry) === undefined)).toEqual([]);
  });

  it("are refused where they make no sense", () => {
    const refused = entries.filter((entry) => REFUSED.has(entry.id));
    expect(refused.length).toBe([...REFUSED.keys()].filter((id) => id.startsWith(`${file}/`)).length);
    for (const entry of refused) expect(() => rebuild(entry), entry.id).toThrow(REFUSED.get(entry.id));
  });
});

describe("a touch alone", () => {
  const touches = loadVectors("single-record").filter(
    (entry) => entry.intent.ops?.length === 1 && entry.intent.ops[0]?.op === "touch",
  );

  it("has the bytes of an operate with one touch", () => {
    expect(touches.length).toBe(4);
    for (const entry of touches) {
      const key = entry.intent.key && keyOf(entry.intent.key);
      const command = key && touchCommand(key, policyOf(entry, recordedRequest(entry)));
      expect(command && encode(command, entry), entry.id).toBe(entry.request);
    }
  });
});
