import { describe, expect, test } from "vitest";
import { World } from "../support/world.js";

// As a server of 8.1.2 answered, word for word.
describe("levels of a node's log", () => {
  test("are listed by context", async () => {
    await using world = await World.start();
    const all = await world.info("log/0");
    expect(all).toMatch(/^misc:INFO;alloc:INFO;arenax:INFO;.*;udf:INFO;xdr:INFO;xdr-client:INFO;masking:INFO$/);
    expect(all.split(";")).toHaveLength(65);
    for (const command of ["log", "log/", "log:", "log:0", "log/00"]) expect(await world.info(command)).toBe(all);
    expect(await world.info("logs")).toBe("0:stderr");
  });

  test("are kept as they are set", async () => {
    await using world = await World.start();
    expect(await world.info("log-set:id=0;misc=detail;alloc=warning")).toBe("ok");
    expect(await world.info("log/0")).toMatch(/^misc:DETAIL;alloc:INFO;/);
    expect(await world.info("set-log:id=0;any=Critical")).toBe("ok");
    expect(await world.info("log/0")).not.toMatch(/INFO|DETAIL/);
  });

  test.each([
    ["log/x", "ERROR:4:bad sink-id"],
    ["log/0:misc", "ERROR:4:bad sink-id"],
    ["log/1", "ERROR::bad-id"],
    ["log/-1", "ERROR::bad-id"],
    ["log:id=0", "ERROR:4:bad sink-id"],
    ["log-set", "ERROR:4:missing id"],
    ["log-set:misc=info", "ERROR:4:missing id"],
    ["log-set:id=x;misc=info", "ERROR:4:bad id"],
    ["log-set:id=0", "ERROR:4:missing context"],
    ["log-set:id=1;misc=info", "ERROR:4:bad parameter"],
    ["log-set:id=0;nope=info", "ERROR:4:bad parameter"],
    ["log-set:id=0;misc=nope", "ERROR:4:bad parameter"],
    ["log-set:id=0;misc=", "ERROR:4:bad level"],
    ["log-set:id=0;misc", "ERROR:4:bad level"],
    ["digests", "RIPEMD160"],
    ["services-alumni-reset", "ok"],
  ])("%s: %s", async (command, answer) => {
    await using world = await World.start();
    expect(await world.info(command)).toBe(answer);
  });
});
