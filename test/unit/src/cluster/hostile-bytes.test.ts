import fc from "fast-check";
import { expect, test } from "vitest";
import { CountCommand, QueryCommand } from "../../../../protocol/command/query.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { AerospikeError } from "../../../../src/errors/errors.js";
import { writeReply, writeStream } from "../../../support/fake/request.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute, stream } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";
import { runs } from "../../../support/runs.js";

const VALID = [
  writeReply({ generation: 7 }, [
    { name: "i", type: 1, value: new Uint8Array(8) },
    { name: "text", type: 3, value: new Uint8Array(30).fill(65) },
    { name: "list", type: 20, value: Uint8Array.from([0x93, 1, 2, 0x92, 3, 4]) },
    { name: "map", type: 19, value: Uint8Array.from([0x81, 0xa2, 3, 65, 0xc3]) },
  ]),
  writeReply({ resultCode: 2 }),
  writeStream([{ namespace: "test", digest: "00".repeat(20), generation: 1, bins: [] }], {}),
];

/** A reply with some bytes changed, cut off or put in; or nothing of the kind at all. */
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc
    .tuple(
      fc.constantFrom(...VALID),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
    )
    .map(([valid, changes]) => {
      const bytes = valid.slice();
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    }),
  fc.tuple(fc.constantFrom(...VALID), fc.nat()).map(([valid, at]) => valid.slice(0, at % valid.length)),
  fc.tuple(fc.constantFrom(...VALID), fc.uint8Array({ maxLength: 30 })).map(([valid, more]) => {
    return new Uint8Array([...valid, ...more]);
  }),
);

/** Success or an error of this client: anything else is a fault. */
async function expectOwnError(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(AerospikeError);
  }
}

test("whatever comes for an answer, commands and streams end with an error of this client or with success", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 6 }), async (replies) => {
      const world = new World();
      const cluster = await world.connect({ maxErrorRate: 0 });
      let next = 0;
      world.fake.nodes[0]!.onRequest = () => ({ kind: "bytes", bytes: replies[next++ % replies.length]! });
      const key = makeKey("test", "set", 1);
      const node = cluster.nodes[0]!;
      const request = { namespace: "test", setName: "set", taskId: 1n, partitions: [1] };
      const settings = { ...PLAIN, totalTimeoutMs: 100 };
      await world.runtime.until(
        Promise.all([
          expectOwnError(execute(cluster, readCommand(key), settings)),
          expectOwnError(execute(cluster, writeCommand(key, { i: 1 }), settings)),
          expectOwnError(execute(cluster, readCommand(key), { ...settings, dedicated: true })),
          expectOwnError(stream(cluster, node, new QueryCommand(request, () => undefined), settings)),
          expectOwnError(stream(cluster, node, new CountCommand(request), settings)),
        ]),
      );
      await world.close(cluster);
      expect(world.runtime.pendingTimers).toBe(0);
    }),
    { numRuns: runs(30) },
  );
});

const commands = ["node", "build", "partition-generation", "peers-generation", "peers-clear-std", "replicas"];
const nonsense = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    "",
    "-1",
    "ERROR",
    "ERROR:4:no",
    "1,3000,[[",
    "1,3000,[[A7,,[nowhere:1]]]",
    "test:0,1,AAAA",
    "99999999999",
  ),
  fc.constant(`test:0,2,${"/".repeat(682)}8=,${"A".repeat(682)}A=`),
);

test("whatever a node says of itself, connect and tend end with an error of this client or go on", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...commands), nonsense), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (lies, fromTheStart) => {
        const world = new World({ nodes: 2 });
        const lie = (): void => {
          for (const [command, value] of lies)
            world.fake.nodes[0]!.answers.set(command, value.replaceAll(/[\t\n]/g, ""));
        };
        if (fromTheStart) lie();
        const cluster = await world.runtime.until(
          ClusterCore.connect(world.options({ readyTimeoutMs: 1_000 })).catch((error: unknown) => {
            expect(error).toBeInstanceOf(AerospikeError);
            return undefined;
          }),
        );
        if (cluster !== undefined) {
          lie();
          await world.runtime.advance(4_000);
          const read = execute(cluster, readCommand(makeKey("test", "set", 1)), PLAIN);
          await world.runtime.until(expectOwnError(read));
          await world.close(cluster);
        }
        expect(world.network.links.size).toBe(0);
        expect(world.runtime.pendingTimers).toBe(0);
      },
    ),
    { numRuns: runs(30) },
  );
});
