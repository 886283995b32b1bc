import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Nodes } from "../support/faults/outages.js";

/**
 * Nodes that a program of yours takes away and brings back: `command kill 1`, `command start 1`, `command freeze 1`,
 * `command thaw 1`, with places from 0. Each must end once that is done; `start` and `thaw` once the cluster is whole.
 */
export function hookNodes(command: string, count: number): Nodes {
  const call = async (verb: string, node: number): Promise<void> => {
    const child = spawn(command, [verb, String(node)], { stdio: ["ignore", "ignore", "inherit"] });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${command} ${verb} ${node} ended with ${code}`);
  };
  return {
    count,
    leave: (node, kind) => call(kind, node),
    comeBack: (node, kind) => call(kind === "kill" ? "start" : "thaw", node),
  };
}
