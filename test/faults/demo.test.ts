import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundle, bundle } from "../support/bundle.js";

let programs: Bundle;

beforeAll(async () => {
  programs = await bundle("demo/main.ts");
});

afterAll(() => programs[Symbol.asyncDispose]());

/** As `npm run demo` starts it. */
const FROM_SOURCE = ["--import", "tsx", "demo/main.ts"];

/** The demo, once it has begun to work. */
async function startDemo(args: readonly string[]) {
  const demo = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const errors: string[] = [];
  demo.stderr.on("data", (text) => errors.push(String(text)));
  const ended = once(demo, "close").then(() => {
    throw new Error(`The demo ended before it began: ${errors.join("")}`);
  });
  await Promise.race([once(demo.stdout, "data"), ended]);
  ended.catch(() => {});
  return { demo, errors };
}

describe.concurrent("the demo", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("cleans up and ends when it gets %s while it is busy", async (signal, code) => {
    const { demo } = await startDemo([programs.file("main")]);
    demo.stdout.resume();
    demo.kill(signal);
    expect(await once(demo, "close")).toEqual([code, null]);
  });

  it("ends without a word when nobody reads what it writes any more", async () => {
    const { demo, errors } = await startDemo(FROM_SOURCE);
    demo.stdout.destroy();
    expect(await once(demo, "close")).toEqual([0, null]);
    expect(errors.join("")).not.toContain("EPIPE");
  });
});
