import { describe, expect, it } from "vitest";
import { applyCdt } from "../../../../emulator/cdt/index.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { type Exchange, exchanges, recordedReply, TinyServer, writtenTypes } from "./recorded.js";

/** Where 8.1.2.0 counts an element that it does not store, or stores what can't be read back: refused here. */
const SERVER_BUGS: ReadonlySet<string> = new Set([
  "lists/server-quirk/001",
  "lists/server-quirk/002",
  "lists/server-quirk/003",
  "lists/server-quirk/004",
  "lists/server-quirk/006",
]);

const PARAMETER_ERROR = { resultCode: 4, rows: [] };

function replay(all: readonly Exchange[]): void {
  const server = new TinyServer({ cdt: applyCdt });
  it.each(all.map((exchange) => [`${exchange.id} ${exchange.title}`, exchange] as const))("%s", (_, exchange) => {
    expect(server.run(exchange)).toEqual(SERVER_BUGS.has(exchange.id) ? PARAMETER_ERROR : recordedReply(exchange));
  });
}

describe.each(["lists", "maps"])("%s.json answers as recorded", (file) => replay(exchanges(file)));

describe("values.json: lists and maps written and read back as recorded", () => {
  const groups = new Set(["list", "map", "cdt-handmade", "rejected"]);
  const isContainer = (type: number): boolean => type === ParticleType.LIST || type === ParticleType.MAP;
  replay(exchanges("values").filter((e) => groups.has(e.group) && writtenTypes(e).every(isContainer)));
});

describe("expressions.json: paths without expressions answer as recorded", () => {
  const groups = new Set(["path-select", "path-modify"]);
  replay(exchanges("expressions").filter((e) => groups.has(e.group) && !JSON.stringify(e.intent).includes('"exp":')));
});
