import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { runToEnd } from "../support/run.js";

const project = inject("documentsProject");
const TSC = join(process.cwd(), "node_modules", ".bin", "tsc");

/** What the documents take for granted. */
const GIVEN = `
import * as aerowire from "aerowire";
import * as z from "zod";
import {
  AbortError, AelParseError, AerospikeError, BatchError, Behavior, ClusterDefinition, CommitError, connect, DataSet, Exp, type ExecuteTask, Filter,
  latencyQuantile, RecordNotFoundError, type Session, type TaskProgress, UdfError,
  type BinCodec, dateAsMilliseconds, dateAsText, type GeoJson, type Hll, MapOrder, SchemaError,
} from "aerowire";
import { ael, aelOf, explainAel, formatAel, parseAel, parseCtx, prepareAel, type PreparedAel } from "aerowire/ael";
import { packed, packedBin, PackedError, unpacked } from "aerowire/packed";

interface User {
  name: string; age: number; active: boolean; score?: number; tags?: string[]; lastSeen?: number;
  total?: number; price?: number; amount?: number;
}
declare const users: DataSet<User>;
interface Player {
  name: string; score: number; tags: string[]; stock: { [name: string]: number };
  items: { name: string; price: number }[]; flags: Uint8Array; seen: Hll; home: GeoJson;
}
declare const players: DataSet<Player>;
declare const members: DataSet;
declare const cluster: aerowire.Cluster;
declare const session: Session;
declare const task: ExecuteTask;
declare const signal: AbortSignal;
declare const ca: string;
declare const hosts: string;
declare const source: string;
declare const scores: string;
declare const stats: string;
declare const cutoff: number;
declare const name: string;
declare const password: string;
declare function draw(progress: TaskProgress): void;
declare function where(filter: string | Exp<"bool"> | PreparedAel, ...params: readonly aerowire.AelParam[]): void;
`;

async function snippets(document: string): Promise<string[]> {
  const text = await readFile(document, "utf8");
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = ""]) => code);
}

/** A block in a scope of its own, where it may declare again what is given; imports go where they may stand. */
function asProgram(code: string): string {
  const imports = code.match(/^import .*;$/gm) ?? [];
  const rest = code.replace(/^import .*;$/gm, "");
  const fresh = imports.filter((line) => !/ from "aerowire(\/ael)?"/.test(line));
  return `${GIVEN}${fresh.join("\n")}\nexport async function example(): Promise<void> {\n${rest}\n}\n`;
}

test.each([
  "README.md",
  "docs/getting-started.md",
  "docs/values.md",
  "docs/migration.md",
  "docs/operations.md",
  "docs/connecting.md",
  "docs/configuration.md",
  "docs/security.md",
  "docs/observability.md",
  "docs/edge-workers.md",
  "docs/behaviors.md",
  "docs/errors-and-retries.md",
  "docs/records.md",
  "docs/bins.md",
  "docs/typed-records.md",
  "docs/packed.md",
  "docs/background-tasks.md",
  "docs/campaigns.md",
  "docs/queries.md",
  "docs/functions.md",
  "docs/indexes.md",
  "docs/administration.md",
  "docs/transactions.md",
  "docs/ael.md",
])("what %s shows compiles", async (document) => {
  const codes = await snippets(document);
  expect(codes.length).toBeGreaterThan(0);
  const files = codes.map((_, i) => `${document.replaceAll(/\W/g, "-")}-${i}.ts`);
  for (const [i, code] of codes.entries()) await writeFile(join(project, files[i] ?? ""), asProgram(code));
  const { stdout } = await runToEnd(
    TSC,
    ["--noEmit", "--strict", "--target", "esnext", "--module", "nodenext", ...files],
    { cwd: project },
  );
  expect(stdout).toBe("");
});

test("what docs/safe-changes.md shows compiles, one program after the other", async () => {
  const code = (await snippets("docs/safe-changes.md")).join("\n");
  await writeFile(join(project, "safe-changes.ts"), asProgram(code));
  const { stdout } = await runToEnd(
    TSC,
    ["--noEmit", "--strict", "--target", "esnext", "--module", "nodenext", "safe-changes.ts"],
    { cwd: project },
  );
  expect(stdout).toBe("");
});
