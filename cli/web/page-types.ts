// What the page and the server say to each other. It imports nothing: a browser has it, too.

/** Records a second and node: servers don't run a task slower. */
export const LEAST_RATE = 100;

/** Something that happened, in words. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The task or campaign that it is about. */
  readonly about: string;
  readonly text: string;
}

/** One look at the cluster, as the page shows it. */
export interface PageData {
  readonly cluster: string;
  readonly production: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly campaigns: readonly PageCampaign[];
  readonly jobs: readonly PageJob[];
  readonly silentNodes: readonly string[];
  readonly log: readonly LogEntry[];
  /** Oldest first; a point for each look. */
  readonly plot: PagePlot;
}

export interface PageCampaign {
  readonly id: string;
  readonly target: string;
  readonly does: string;
  readonly where: string;
  readonly status: string;
  /** Whether the marks of changed records are being removed already. */
  readonly removesMarks: boolean;
  readonly holder: string | undefined;
  readonly percent: number;
  readonly msLeft: number | null;
  readonly succeeded: number;
  readonly failed: number;
  /** Of the slice that is under way, or was last while the campaign runs, else what is asked for; null for as many as the servers allow. */
  readonly recordsPerSecond: number | null;
  /** The slice that is under way, or was last. */
  readonly nodes: readonly PageNode[];
}

/** The part of a task that one node does. */
export interface PageNode {
  readonly node: string;
  readonly percent: number | null;
}

/** A task that is no slice of a campaign. */
export interface PageJob {
  readonly id: string;
  readonly target: string;
  readonly does: string;
  readonly owner: string;
  readonly active: boolean;
  readonly percent: number | null;
  readonly msLeft: number | null;
  readonly succeeded: number;
  readonly failed: number;
  readonly measuredPerSecond: number | null;
  readonly recordsPerSecond: number;
  readonly nodes: readonly PageNode[];
}

export interface PagePlot {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** Records changed a second, over all tasks. */
  readonly rates: readonly (number | null)[];
  /** By node id: milliseconds that it took to reply; null when it did not. */
  readonly latencies: Readonly<Record<string, readonly (number | null)[]>>;
}

/** What a button of the page orders. */
export interface PageOrder {
  readonly do: "pause" | "resume" | "slower" | "abort";
  readonly campaign?: string | undefined;
  readonly task?: string | undefined;
  /** On a production cluster: its name, typed by whoever ordered. */
  readonly production?: string | undefined;
}
