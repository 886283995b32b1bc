import { expect, it } from "vitest";
import { bundle } from "../../../support/bundle.js";
import { run } from "../../../support/run.js";

it("without the package wasmoon an emulator starts, and says what functions need when one is registered", async () => {
  // A bundle lies where no packages are.
  await using programs = await bundle("test/support/programs/emulator.ts");
  const printed = await run(process.execPath, [programs.file("emulator"), "register"]);
  expect(printed).toContain("Lua functions need a Lua machine: add the package wasmoon");
  expect(printed).toMatch(/done$/);
});
