import { describe, expect, it } from "vitest";
import { CountCommand, QueryCommand } from "../../../../protocol/command/query.js";
import type { QueryRequest } from "../../../../protocol/command/query-request.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { deleteCommand } from "../../../support/record-commands.js";
import { encoded, infoRequest, keyOf, NAMESPACE, SET, World } from "../support/world.js";

const ALL_PARTITIONS = Array.from({ length: 4096 }, (_, partition) => partition);

function scan(taskId: bigint, more: Partial<QueryRequest> = {}): QueryRequest {
  return { namespace: NAMESPACE, setName: SET, taskId, partitions: ALL_PARTITIONS, ...more };
}

describe("a scan", () => {
  it("gives each record once", async () => {
    await using world = await World.start();
    await world.fill(50);
    const found: unknown[] = [];
    await world.stream(new QueryCommand(scan(1n), (row) => found.push(row.bins["n"])));
    expect(found.toSorted()).toEqual(Array.from({ length: 50 }, (_, n) => n).toSorted());
    expect(await world.job(1n)).toMatchObject({ jobType: "basic", status: "done(ok)", succeeded: 50 });
  });

  it("of three nodes gives each record once, and names the partitions that a node does not have", async () => {
    await using world = await World.start({ nodes: 3, replicationFactor: 1 });
    await world.fill(50);
    const masters = await world.masters();
    let count = 0;
    for (const node of [0, 1, 2]) {
      const command = new CountCommand(scan(1n));
      await world.stream(command, node);
      count += command.count;
      const others = ALL_PARTITIONS.filter((partition) => masters[partition] !== node);
      expect(command.failures).toEqual(others.map((partition) => ({ partition, resultCode: 11 })));
    }
    expect(count).toBe(50);
  });

  it("is held to so many records a second", async () => {
    await using world = await World.start();
    await world.fill(20);
    const began = world.runtime.now();
    await world.stream(new CountCommand(scan(1n, { recordsPerSecond: 200 })));
    expect(world.runtime.now() - began).toBeGreaterThanOrEqual(90);
    expect(world.runtime.now() - began).toBeLessThanOrEqual(105);
  });

  it("leaves out what is deleted while it runs", async () => {
    await using world = await World.start();
    await world.fill(20);
    const command = new CountCommand(scan(1n, { recordsPerSecond: 100 }));
    const socket = world.open();
    socket.write(encoded(command, 0));
    await world.runtime.advance(55);
    for (let id = 0; id < 20; id++) await world.run(deleteCommand(keyOf(id)));
    const job = await world.finished(1n);
    expect(job.succeeded).toBeLessThan(10);
  });

  it("can be aborted, and ends with the code of that", async () => {
    await using world = await World.start();
    await world.fill(20);
    const ended = world.stream(new CountCommand(scan(1n, { recordsPerSecond: 100 })), 0);
    const refused = expect(ended).rejects.toEqual(new ResultError(ResultCode.SCAN_ABORTED));
    const other = world.open();
    other.write(infoRequest("query-abort:trid=1"));
    await refused;
    expect((await world.job(1n)).outcome).toBe("user-aborted");
  });

  it("stops when its client is gone", async () => {
    await using world = await World.start();
    await world.fill(20);
    const socket = world.open();
    socket.write(encoded(new CountCommand(scan(1n, { recordsPerSecond: 100 })), 0));
    await world.runtime.advance(55);
    socket.close();
    expect((await world.finished(1n)).outcome).toBe("abandoned-response-error");
  });

  it("keeps to as many records as were asked for", async () => {
    await using world = await World.start();
    await world.fill(20);
    const command = new CountCommand(scan(1n, { maxRecords: 7 }));
    await world.stream(command);
    expect(command.count).toBe(7);
  });
});

describe("a hundred scans at once", () => {
  /** How many of them end with each result code. */
  async function codes(world: World, more: Partial<QueryRequest>): Promise<Record<number, number>> {
    const counts: Record<number, number> = {};
    const scans = Array.from({ length: 100 }, async (_, i) => {
      const code = await codeOf(world, new CountCommand(scan(BigInt(i + 1), more)));
      counts[code] = (counts[code] ?? 0) + 1;
    });
    await Promise.all(scans);
    return counts;
  }

  async function codeOf(world: World, command: CountCommand): Promise<number> {
    try {
      await world.streamOn(world.open(), command);
      return ResultCode.OK;
    } catch (error) {
      if (error instanceof ResultError) return error.resultCode;
      throw error;
    }
  }

  // A real node of 8.1.2 refused 50 to 67 of a hundred, none at a pace and none of a set without records.
  it("take four threads each, and the threads that a node has are enough for a third of them", async () => {
    await using world = await World.start();
    await world.fill(100);
    expect(await codes(world, {})).toEqual({ [ResultCode.OK]: 32, [ResultCode.FORBIDDEN]: 68 });
  });

  it("take one thread each when they are held to a pace", async () => {
    await using world = await World.start();
    await world.fill(100);
    expect(await codes(world, { recordsPerSecond: 5000 })).toEqual({ [ResultCode.OK]: 100 });
  });

  it("are all carried out where there is nothing to look at", async () => {
    await using world = await World.start();
    expect(await codes(world, {})).toEqual({ [ResultCode.OK]: 100 });
  });
});
