import { expect, test } from "vitest";

test("the suite runs on the runtime that it is said to run on", () => {
  const { bun, deno, node } = process.versions;
  const other = bun === undefined ? deno && `Deno ${deno}` : `Bun ${bun}`;
  // Without a word on it, on the Node.js that runs all other tests.
  expect(other ?? `Node.js ${node}`).toBe(process.env["AEROWIRE_RUNTIME"] ?? `Node.js ${node}`);
});
