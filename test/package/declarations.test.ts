import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { runToEnd } from "../support/run.js";

const project = inject("plainProject");
const TSC = join(process.cwd(), "node_modules", ".bin", "tsc");
/** README names this version as the oldest. */
const OLDEST_TSC = join(process.cwd(), "node_modules", "typescript-oldest", "bin", "tsc");

const PROGRAM = `
import { AerospikeError, Behavior, connect, CTX, DataSet, Exp, type ExecuteTask, Filter, PathSelectFlags, type Session, type TaskSummary } from "aerowire";
import { Emulator } from "aerowire/emulator";

interface User { name: string; age: number; active: boolean; score?: number }
const users = DataSet.of<User>("test", "users");

export async function birthday(session: Session, signal: AbortSignal): Promise<TaskSummary> {
  const task: ExecuteTask = await session
    .backgroundTask()
    .update(users)
    .where("$.active == true and $.age > ?0", 30)
    .filter(Filter.range("age", 30, 40))
    .bin("score").add(1)
    .recordsPerSecond(5_000)
    .expireRecordAfterSeconds(60)
    .execute({ signal });
  const seen: unknown[] = [];
  for await (const { percent, perNode } of task) seen.push(percent, Object.keys(perNode));
  return task.waitTillComplete({ totalTimeout: 60_000 });
}

export async function main(): Promise<number> {
  await using emulator = await Emulator.start({ nodes: 3 });
  await using client = await connect(emulator.hosts, { tls: { minVersion: "TLSv1.2" } });
  const session = client.createSession(Behavior.DEFAULT.deriveWithChanges("patient", { all: { totalTimeout: 60_000 } }));
  try {
    const { bins, ttl } = await session.get(users.id(1));
    return bins.age + ttl;
  } catch (error) {
    return error instanceof AerospikeError ? error.resultCode : -1;
  }
}

export const adult: Exp<"bool"> = Exp.ge(Exp.intBin("age"), Exp.intVal(18));
export const amounts: Exp<"list"> = Exp.selectByPath("list", PathSelectFlags.VALUES, Exp.mapBin("stock"), CTX.allChildren());

// @ts-expect-error a bin that the records don't have
export const wrongBin = (session: Session) => session.backgroundTask().update(users).bin("agee");
// @ts-expect-error a value of another type
export const wrongType = (session: Session) => session.backgroundTask().update(users).bin("name").setTo(1);
// @ts-expect-error a job that deletes has no bins to write
export const wrongVerb = (session: Session) => session.backgroundTask().delete(users).bin("name");
`;

function errorsWith(...options: string[]): Promise<string> {
  return errorsOf(TSC, ...options);
}

async function errorsOf(tsc: string, ...options: string[]): Promise<string> {
  const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--exactOptionalPropertyTypes"];
  const { stdout, stderr } = await runToEnd(tsc, [...strict, ...options, "program.ts"], { cwd: project });
  return stdout + stderr;
}

beforeAll(() => writeFile(join(project, "program.ts"), PROGRAM));

describe("programs compile against the declarations, which are checked as well", () => {
  test.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
    ["preserve", "bundler"],
  ])("module %s, resolution %s", async (module, moduleResolution) => {
    expect(await errorsWith("--target", "es2022", "--module", module, "--moduleResolution", moduleResolution)).toBe("");
  });

  test("with the types of Node.js instead of the browser's", async () => {
    await mkdir(join(project, "node_modules", "@types"), { recursive: true });
    for (const name of ["@types/node", "undici-types"]) {
      await symlink(join(process.cwd(), "node_modules", name), join(project, "node_modules", name), "junction");
    }
    const node = ["--lib", "es2022", "--types", "node", "--typeRoots", join(project, "node_modules", "@types")];
    expect(await errorsWith("--target", "es2022", "--module", "nodenext", ...node)).toBe("");
  });

  test("with neither", async () => {
    const neither = ["--lib", "es2022", "--types", ""];
    expect(await errorsWith("--target", "es2022", "--module", "nodenext", ...neither)).toBe("");
  });

  // This one is written in JavaScript: types of browsers and of Node.js, which take it ten seconds, are for the others.
  test("with the oldest compiler", { timeout: 300_000 }, async () => {
    const own = ["--lib", "es2022", "--typeRoots", join(project, "none")];
    expect(await errorsOf(OLDEST_TSC, "--target", "es2022", "--module", "nodenext", ...own)).toBe("");
  });

  test("with the newest language", async () => {
    expect(await errorsWith("--target", "esnext", "--module", "nodenext", "--noUncheckedIndexedAccess")).toBe("");
  });
});
