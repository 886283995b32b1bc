import fc from "fast-check";
import { expect, it } from "vitest";
import { PartitionMap } from "../../../../protocol/cluster/partition-map.js";
import { ServerVersion } from "../../../../protocol/info/server-version.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { ClusterNode } from "../../../../src/cluster/node.js";
import { type Replica, resolveOptions } from "../../../../src/cluster/options.js";
import { Router } from "../../../../src/cluster/router.js";
import { bitmapOf } from "../../../support/bitmap.js";
import { ScriptedTransport } from "../../../support/fake/scripted-transport.js";
import { runs } from "../../../support/runs.js";

const IDS = ["A", "B", "C"];
const REPLICAS: readonly Replica[] = ["master", "sequence", "random", "preferRack"];
const PARTITIONS = [0, 1, 2, 3, 4, 5, 6, 7];
const some = fc.subarray(PARTITIONS);

it("a read of many partitions is routed as many reads of one", () => {
  const anyNode = fc.record({ owns: fc.array(some, { minLength: 2, maxLength: 2 }), rack: fc.nat(2), left: fc.nat(3) });
  const world = fc.record({
    nodes: fc.tuple(anyNode, anyNode, anyNode),
    racks: fc.subarray([0, 1, 2]),
    replica: fc.constantFrom(...REPLICAS),
    sequence: fc.nat(5),
    askedLast: fc.constantFrom(undefined, ...IDS),
    namespace: fc.constantFrom("test", "test", "test", "unknown"),
  });
  fc.assert(
    fc.property(world, ({ nodes: drawn, racks, replica, sequence, askedLast, namespace }) => {
      const runtime = new VirtualRuntime();
      const options = resolveOptions({
        seeds: [{ host: "a", port: 3000 }],
        runtime,
        transport: new ScriptedTransport(),
      });
      const map = new PartitionMap();
      const nodes = new Map<string, ClusterNode>();
      for (const [i, { owns, rack, left }] of drawn.entries()) {
        const id = IDS[i]!;
        const identity = { id, version: new ServerVersion(8), edition: undefined, clusterName: undefined };
        const node = new ClusterNode(identity, { host: id, port: 3000 }, undefined, options);
        node.state.racks = new Map([["test", rack]]);
        map.merge(id, new Map([["test", { regime: 0, columns: owns.map(bitmapOf) }]]));
        if (left === 0) node.depart();
        if (left !== 1) nodes.set(id, node);
      }
      const router = new Router(map, nodes, runtime, { racks });
      const choose = router.chooser(namespace, replica);
      for (const partition of PARTITIONS) {
        const [one, other] = [0, 1].map(() => ({ sequence, node: nodes.get(askedLast ?? "") }));
        expect(choose(partition, one!)?.id).toBe(router.choose(namespace, partition, replica, false, other!)?.id);
        expect(one).toEqual(other);
      }
    }),
    { numRuns: runs(200) },
  );
});
