import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Nodes } from "../support/faults/outages.js";
import type { Order } from "./emulator-process.js";

/** Three emulated nodes in a process of their own. */
export class EmulatedNodes implements AsyncDisposable {
  readonly hosts: string;
  readonly nodes: Nodes = {
    count: 3,
    leave: (node, kind) => this.#order({ verb: "leave", node, kind }),
    comeBack: (node, kind) => this.#order({ verb: "comeBack", node, kind }),
  };
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, hosts: string) {
    this.#child = child;
    this.hosts = hosts;
  }

  static async start(): Promise<EmulatedNodes> {
    const child = fork(fileURLToPath(new URL("emulator-process.ts", import.meta.url)), {
      execArgv: ["--import", "tsx"],
    });
    const [hosts] = await once(child, "message");
    return new EmulatedNodes(child, String(hosts));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, "exit");
  }

  async #order(order: Order): Promise<void> {
    this.#child.send(order);
    const [answer] = await once(this.#child, "message");
    if (answer !== "done") throw new Error(String(answer));
  }
}
