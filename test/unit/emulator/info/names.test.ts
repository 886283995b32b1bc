import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SingleCommand } from "../../../../protocol/command/record-command.js";
import { deleteCommand, touchCommand, udfCommand, writeCommand } from "../../../support/record-commands.js";
import { udfPut } from "../support/udf-put.js";
import { keyOf, World } from "../support/world.js";

/** The names that a real server gave, by command. */
const recorded: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL("../../../vectors/info-names.json", import.meta.url), "utf8"),
);

/** What is not measured here, as patterns: nothing is said of it rather than something untrue. */
const LEFT_OUT: Readonly<Record<string, RegExp>> = {
  namespace:
    /^(geo_region_query_|nsup_cycle_|sindex_gc_cleaned|xmem_id|data_total_bytes|(record|query)_proto_|migrate_|\w+_lang_|storage-engine\.data-size$)/,
  statistics:
    /^(system_|host_|process_|threads_|heap_|batch_index_(queue|\w+_buffers|proto_\w+)|reaped_fds|demarshal_error|early_tsvc_client_error|deprecated_requests)/,
  service: /^(pidfile|proto-fd-max|service-threads|work-directory)$/,
  network: /^(admin\.|(heartbeat|fabric)\.(address|port)$)/,
};

function namesIn(text: string): string[] {
  return text.split(";").map((pair) => pair.slice(0, pair.indexOf("=")));
}

describe.each([
  ["namespace", "namespace/test"],
  ["statistics", "statistics"],
  ["service", "get-config:context=service"],
  ["network", "get-config:context=network"],
])("the names of %s", (part, command) => {
  it("are a server's, each once, and all of them but those that are left out on purpose", async () => {
    await using world = await World.start();
    const names = namesIn(await world.info(command));
    const expected = recorded[part]!.filter((name) => !LEFT_OUT[part]!.test(name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !recorded[part]!.includes(name))).toEqual([]);
    expect(expected.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("statistics", () => {
  it("count what was asked of a namespace, and what it holds", async () => {
    await using world = await World.start();
    await world.fill(3);
    await world.read(1);
    await world.read("missing");
    const text = await world.info("namespace/test");
    for (const pair of [
      "objects=3",
      "master_objects=3",
      "non_expirable_objects=3",
      "index_used_bytes=192",
      "client_write_success=3",
      "client_read_success=1",
      "client_read_not_found=1",
      "client_udf_complete=0",
      "storage-engine.stop-writes-avail-pct=5",
    ]) {
      expect(text.split(";")).toContain(pair);
    }
  });

  it("follow each change of a record, also between two questions", async () => {
    await using world = await World.start({ lua: true });
    await world.info(
      udfPut("lib.lua", "function grow(rec) rec.s = string.rep(rec.s, 2) return aerospike:update(rec) end"),
    );
    const holds = async (): Promise<readonly (number | undefined)[]> => {
      const pairs = new Map(
        (await world.info("namespace/test")).split(";").map((pair) => pair.split("=") as [string, string]),
      );
      return ["objects", "non_expirable_objects", "data_used_bytes"].map((name) => Number(pairs.get(name)));
    };
    const found: unknown[] = [await holds()];
    const change = async (command: SingleCommand<unknown>): Promise<void> => {
      await world.run(command);
      found.push(await holds());
    };
    await change(writeCommand(keyOf(1), { s: "a" }, { ttl: -1 }));
    await change(writeCommand(keyOf(1), { s: "a".repeat(160) }, { ttl: -1 }));
    await change(writeCommand(keyOf(1), { s: "a".repeat(160) }, { ttl: 100 }));
    await change(touchCommand(keyOf(1), { ttl: -1 }));
    await change(udfCommand(keyOf(1), { package: "lib", function: "grow", args: [] }));
    await change(deleteCommand(keyOf(1)));
    expect(found).toEqual([
      [0, 0, 0],
      [1, 1, 64],
      [1, 1, 224],
      [1, 0, 224],
      [1, 1, 224],
      [1, 1, 384],
      [0, 0, 0],
    ]);
  });

  it("count times to live that got shorter, records without bins, batches and info requests", async () => {
    await using world = await World.start();
    const ttl = (seconds: number): Promise<unknown> => world.run(writeCommand(keyOf(1), { n: 1 }, { ttl: seconds }));
    await ttl(-1);
    await ttl(100);
    await ttl(200);
    await ttl(50);
    await world.run(writeCommand(keyOf(1), { n: null }));
    const text = await world.info("namespace/test");
    expect(text.split(";")).toEqual(
      expect.arrayContaining(["ttl_reductions_applied=3", "ttl_reductions_ignored=0", "deleted_last_bin=1"]),
    );
    await world.runtime.advance(5_000);
    expect((await world.info("statistics")).split(";")).toEqual(
      expect.arrayContaining(["info_complete=1", "batch_index_initiate=0", "time_since_rebalance=5"]),
    );
  });
});
