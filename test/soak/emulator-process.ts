import { Emulator } from "../../emulator/index.js";
import { nodesOf, type OutageKind } from "../support/faults/outages.js";

/** What the process is told to do with a node. */
export interface Order {
  readonly verb: "leave" | "comeBack";
  readonly node: number;
  readonly kind: OutageKind;
}

// Emulated nodes in a process of their own: tells where they are, then one message for each order that is done.
const emulator = await Emulator.start({ nodes: 3, namespaces: [{ name: "test" }], udf: "none" });
const nodes = nodesOf(emulator);
process.on("message", ({ verb, node, kind }: Order) => {
  nodes[verb](node, kind).then(
    () => process.send?.("done"),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.on("disconnect", () => process.exit());
process.send?.(emulator.hosts);
