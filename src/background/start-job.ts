import type { BackgroundStartError } from "../errors.js";

/** What starting a job came to on one node. */
export type NodeStart =
  | { readonly node: string; readonly outcome: "started" }
  /** The node does not know the set: it has nothing to do. */
  | { readonly node: string; readonly outcome: "noSuchSet" }
  | { readonly node: string; readonly outcome: "refused"; readonly error: Error }
  /** The connection broke, and the node could not be asked whether it had started. */
  | { readonly node: string; readonly outcome: "inDoubt"; readonly error: Error };

/** Starts one job on nodes; how is the caller's. */
export interface JobStarter {
  /** Sends the request once. Rejects with what went wrong. */
  start(node: string, signal: AbortSignal | undefined): Promise<"started" | "noSuchSet">;
  /** Whether the node knows the job. Rejects when it does not answer. */
  knows(node: string, signal: AbortSignal | undefined): Promise<boolean>;
  /** Whether an error leaves open if the request arrived. */
  isInDoubt(error: unknown): boolean;
  pause(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

/** How often, and how long apart, a node is asked for a job whose start lost its reply. The server registers a job before it answers. */
const QUESTIONS = 4;
const QUESTION_PAUSE_MS = 100;

/** Starts the job on every node at once and says what each one answered; rejects only when the signal fires. */
export function startOnNodes(
  nodes: readonly string[],
  starter: JobStarter,
  signal: AbortSignal | undefined,
): Promise<NodeStart[]> {
  return Promise.all(nodes.map((node) => startOnNode(node, starter, signal)));
}

async function startOnNode(node: string, starter: JobStarter, signal: AbortSignal | undefined): Promise<NodeStart> {
  try {
    return { node, outcome: await starter.start(node, signal) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!starter.isInDoubt(error)) return { node, outcome: "refused", error };
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
      if (await starter.knows(node, undefined)) return true;
    } catch {
      // The node still does not answer: the next question may find it back.
    }
    await starter.pause(QUESTION_PAUSE_MS, undefined);
  }
  return false;
}

export type { BackgroundStartError };
