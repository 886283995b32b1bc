import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { run } from "../support/run.js";
import { findRuntimes } from "./find-runtimes.js";

const project = inject("luaProject");
const CERTIFICATES = fileURLToPath(new URL("../support/tls", import.meta.url));
const PROGRAMS = ["tour.mjs", "idle.mjs", "long-values.mjs"];
const LONGEST_MS = 60_000;

interface LongValues {
  readonly size: number;
  /** How many came back as they were. */
  readonly same: number;
  readonly writtenBytes: number;
  /** By how much the process has become larger meanwhile. */
  readonly grownBytes: number;
}

const runtimes = findRuntimes();
const figures: string[] = [];

beforeAll(async () => {
  for (const name of PROGRAMS) {
    await copyFile(fileURLToPath(new URL(name, import.meta.url)), join(project, name));
  }
});

afterAll(() => {
  console.log(`The package ran on:\n${figures.map((line) => `  ${line}`).join("\n")}`);
});

describe.each(runtimes)("$name", ({ name, command, args }) => {
  const runProgram = (program: string, ...rest: readonly string[]): Promise<string> =>
    run(command, [...args, program, ...rest], { cwd: project, signal: AbortSignal.timeout(LONGEST_MS) });

  test("does all that the client and the emulator do", async () => {
    const { writesPerSecond, ...findings } = JSON.parse(await runProgram("tour.mjs", CERTIFICATES));
    figures.push(`${name}: ${writesPerSecond} writes a second to an emulator in the same process`);
    expect(findings).toEqual({
      values: {
        integer: -7,
        big: "9007199254740993",
        real: 0.25,
        whole: 3,
        text: "smørrebrød 🙂",
        flag: true,
        bytes: [0, 127, 255],
        bytesAre: "Uint8Array",
        list: [1, "two", [3, { four: 4 }]],
        map: { a: [true], b: 1 },
        place: { type: "Point", coordinates: [10.7, 59.9] },
      },
      packed: [7, "Uint8Array", 50],
      updated: ["done", 1_250, 1_250],
      luaCalls: [500, "g7"],
      aggregated: [5_000, 500],
      aborted: "aborted",
      deleted: [4_950, 50],
      refusal: "CONNECTION",
      timeout: "TIMEOUT",
      signal: "ABORTED",
      nodeLost: [30, 30],
      tls: "echo",
      tlsWrongName: "refused",
    });
  });

  test("ends when only an idle client is left", async () => {
    await using emulator = await Emulator.start();
    expect(await runProgram("idle.mjs", emulator.hosts)).toBe("1 1\n");
  });

  test("values of 100 kB and 1 MB come back as they were, and their memory is used again", async () => {
    await using emulator = await Emulator.start();
    const findings: readonly LongValues[] = JSON.parse(await runProgram("long-values.mjs", emulator.hosts));
    expect(findings.map(({ size, same }) => [size, same])).toEqual([
      [100_000, 16 * 10 * 11],
      [1_000_000, 16 * 2 * 11],
    ]);
    // What a runtime has not collected yet is some values; what is kept for good is all of them.
    for (const { writtenBytes, grownBytes } of findings) expect(grownBytes).toBeLessThan(writtenBytes / 2);
  });
});
