import { describe, expect, test } from "vitest";
import { PartitionMap } from "../../../../protocol/cluster/partition-map.js";
import { ServerVersion } from "../../../../protocol/info/server-version.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { ClusterNode } from "../../../../src/cluster/node.js";
import { resolveOptions } from "../../../../src/cluster/options.js";
import { shouldRemove } from "../../../../src/cluster/removal.js";
import { ScriptedTransport } from "../../../support/fake/scripted-transport.js";

interface Known {
  readonly failures?: number;
  /** Ids of the nodes that it lists; undefined while it has not said. */
  readonly peers?: readonly string[] | undefined;
  readonly owns?: boolean;
  readonly closed?: boolean;
  /** False for one that has started and belongs to no cluster yet. */
  readonly serves?: boolean;
}

/** Ids of the nodes that have left, by what is known of each. */
function forsaken(known: Readonly<Record<string, Known>>): string[] {
  const runtime = new VirtualRuntime();
  const transport = new ScriptedTransport();
  const options = resolveOptions({ seeds: [{ host: "seed", port: 3000 }], runtime, transport });
  const map = new PartitionMap();
  const nodes = new Map<string, ClusterNode>();
  for (const [id, { failures = 0, peers, owns = true, closed = false, serves = true }] of Object.entries(known)) {
    const identity = { id, version: new ServerVersion(8), edition: undefined, clusterName: undefined };
    const node = new ClusterNode(identity, { host: id, port: 3000 }, undefined, options);
    node.state.failures = failures;
    node.state.serves = serves;
    node.state.peers = peers?.map((nodeId) => ({ nodeId, tlsName: "", hosts: [] }));
    if (owns) map.merge(id, new Map([[`of ${id}`, { regime: 0, columns: [new Uint8Array(512).fill(255)] }]]));
    if (closed) node.depart();
    nodes.set(id, node);
  }
  return [...nodes.values()].filter((node) => shouldRemove(node, nodes, map)).map(({ id }) => id);
}

describe("a node has left", () => {
  test("when it does not answer and the others do not list it", () => {
    expect(forsaken({ A: { peers: [] }, B: { failures: 1, peers: ["A"] } })).toEqual(["B"]);
  });

  test("when nobody lists it and it owns nothing", () => {
    expect(forsaken({ A: { peers: ["C"] }, B: { peers: ["A"], owns: false }, C: { peers: ["A"] } })).toEqual(["B"]);
  });

  test("when nobody answers for five tends", () => {
    expect(forsaken({ A: { failures: 5, peers: ["B"] }, B: { failures: 4, peers: ["A"] } })).toEqual(["A"]);
  });

  test("when it does not answer for five tends, and only one that is just starting does", () => {
    expect(forsaken({ A: { failures: 5, peers: ["B"] }, B: { serves: false, peers: [] } })).toEqual(["A"]);
  });

  test("when it was closed", () => {
    expect(forsaken({ A: { peers: [] }, B: { closed: true, peers: ["A"] } })).toEqual(["B"]);
  });
});

describe("a node has not left", () => {
  test("while another lists it, answer or not", () => {
    expect(forsaken({ A: { peers: ["B"] }, B: { failures: 50, peers: ["A"] } })).toEqual([]);
  });

  test("while it answers and owns something, though nobody lists it", () => {
    expect(forsaken({ A: { peers: [] }, B: { peers: [] } })).toEqual([]);
  });

  test("while somebody has not said yet whom it knows", () => {
    expect(forsaken({ A: { peers: [] }, B: { failures: 1 }, C: {} })).toEqual([]);
  });

  test("because one that is just starting does not know it", () => {
    expect(forsaken({ A: { failures: 4, peers: ["B"] }, B: { serves: false, peers: [] } })).toEqual([]);
  });

  test("when it is the only one and answers", () => {
    expect(forsaken({ A: { peers: [], owns: false } })).toEqual([]);
  });

  test("because of what a node that does not answer once said", () => {
    expect(forsaken({ A: { peers: ["B"] }, B: { peers: ["A"] }, C: { failures: 3, peers: [] } })).toEqual(["C"]);
  });
});
