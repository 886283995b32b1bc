import type { InfoNode, InfoSession } from "./info-node.js";
import type { InfoParams } from "./info-params.js";

/** One command of an info request. */
export interface InfoCall {
  readonly node: InfoNode;
  readonly session: InfoSession;
  readonly name: string;
  readonly params: InfoParams;
}

/** Answers a command with the text after the tab. */
export type InfoCommand = (call: InfoCall) => string;

/** Commands by name. */
export type InfoCommands = Readonly<Record<string, InfoCommand>>;
