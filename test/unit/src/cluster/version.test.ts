import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSION } from "../../../../src/cluster/version.js";

test("the version that servers see is that of the package", () => {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../../../../package.json", import.meta.url), "utf8"),
  );
  expect(VERSION).toBe(manifest.version);
});
