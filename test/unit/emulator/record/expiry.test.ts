import { describe, expect, it } from "vitest";
import type { SingleCommand } from "../../../../protocol/command/record-command.js";
import type { RecordReply } from "../../../../protocol/command/record-reply.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { touchCommand, writeCommand } from "../../../support/record-commands.js";
import { keyOf, NAMESPACE, World } from "../support/world.js";

const EPOCH_SECONDS = 1_262_304_000;

function now(world: World): number {
  return Math.floor(world.runtime.wallClock() / 1000) - EPOCH_SECONDS;
}

function withTtl(ttl: number): SingleCommand<RecordReply> {
  return writeCommand(keyOf(1), { n: 1 }, { ttl });
}

describe("a record with a time to live", () => {
  it("is gone when it is over, and its memory soon after", async () => {
    await using world = await World.start({ namespaces: [{ name: NAMESPACE, nsupPeriod: 30 }] });
    await world.run(withTtl(10));
    expect((await world.read(1))?.voidTime).toBe(now(world) + 10);
    await world.runtime.advance(9_000);
    expect(await world.read(1)).toBeDefined();
    await world.runtime.advance(2_000);
    expect(await world.read(1)).toBeUndefined();
    expect(await world.info(`namespace/${NAMESPACE}`)).toMatch(/(^|;)objects=1;/);
    await world.runtime.advance(30_000);
    expect(await world.info(`namespace/${NAMESPACE}`)).toMatch(/(^|;)objects=0;/);
  });

  it("lives on when it is touched", async () => {
    await using world = await World.start();
    await world.run(withTtl(10));
    await world.runtime.advance(8_000);
    await world.run(touchCommand(keyOf(1), { ttl: 20 }));
    await world.runtime.advance(15_000);
    expect((await world.read(1))?.generation).toBe(2);
  });

  it("has the namespace's when it is written without one", async () => {
    await using world = await World.start({ namespaces: [{ name: NAMESPACE, defaultTtl: 100 }] });
    await world.run(withTtl(0));
    expect((await world.read(1))?.voidTime).toBe(now(world) + 100);
    await world.run(withTtl(-1));
    expect((await world.read(1))?.voidTime).toBe(0);
  });

  it("is refused where nothing would remove it, unless that is allowed", async () => {
    await using strict = await World.start({ namespaces: [{ name: NAMESPACE, nsupPeriod: 0 }] });
    expect(await strict.codeOf(withTtl(10))).toBe(ResultCode.FORBIDDEN);
    expect(await strict.codeOf(withTtl(-1))).toBe(ResultCode.OK);
    await using lax = await World.start({
      namespaces: [{ name: NAMESPACE, nsupPeriod: 0, allowTtlWithoutNsup: true }],
    });
    expect(await lax.codeOf(withTtl(10))).toBe(ResultCode.OK);
  });
});
