import { AerospikeError } from "../errors/errors.js";
import type { NodeStart } from "./task-errors.js";

/** Starts one job on nodes; how is the caller's. */
export interface JobStarter {
  /** Sends the request once. Rejects with what went wrong. */
  start(node: string): Promise<"started" | "noSuchSet">;
  /** Whether the node knows the job. Rejects when it does not answer. */
  knows(node: string): Promise<boolean>;
  pause(ms: number): Promise<void>;
}

/** How often, and how long apart, a node is asked for a job whose start lost its reply. The server registers a job before it answers. */
const QUESTIONS = 4;
const QUESTION_PAUSE_MS = 100;

/** Starts the job on every node at once and says what each one answered. */
export function startOnNodes(nodes: readonly string[], starter: JobStarter): Promise<NodeStart[]> {
  return Promise.all(nodes.map((node) => startOnNode(node, starter)));
}

async function startOnNode(node: string, starter: JobStarter): Promise<NodeStart> {
  try {
    return { node, outcome: await starter.start(node) };
  } catch (error) {
    if (!(error instanceof AerospikeError)) throw error;
    if (!error.inDoubt) return { node, outcome: "refused", error };
    return (await isKnown(node, starter)) ? { node, outcome: "started" } : { node, outcome: "inDoubt", error };
  }
}

/**
 * Sending the request again could run the job twice, if the first one ran and was forgotten; a question can't.
 * The answer matters even when the caller has given up, for the job has to be stopped then.
 */
async function isKnown(node: string, starter: JobStarter): Promise<boolean> {
  for (let i = 0; i < QUESTIONS; i++) {
    try {
      if (await starter.knows(node)) return true;
    } catch (error) {
      // The node still does not answer: the next question may find it back, unless nobody can ask any more.
      if (error instanceof AerospikeError && error.code === "CLIENT_CLOSED") return false;
    }
    await starter.pause(QUESTION_PAUSE_MS);
  }
  return false;
}
