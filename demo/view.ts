import { MultiBar, type SingleBar } from "cli-progress";
import Table from "cli-table3";
import type { ExecuteTask, TaskProgress, TaskSummary } from "../src/index.js";

/** What the demo shows: live bars on a terminal, plain lines anywhere else. */
export interface View {
  heading(text: string): void;
  line(text: string): void;
  /** A bar of its own for something that is counted. */
  counting(label: string, total: number): { to(count: number): void; end(): void };
  /** Follows a task to its end: a bar for each node. */
  follow(task: ExecuteTask, signal: AbortSignal, onProgress?: (progress: TaskProgress) => void): Promise<TaskSummary>;
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
}

export function createView(out: NodeJS.WriteStream): View {
  const isTerminal = out.isTTY === true;
  const write = (text: string): void => {
    out.write(`${text}\n`);
  };
  return {
    heading: (text) => write(isTerminal ? `\n\u001b[1m${text}\u001b[22m` : `\n${text}`),
    line: (text) => write(`  ${text}`),
    counting: (label, total) => (isTerminal ? countingBar(out, label, total) : countingLines(write, label, total)),
    async follow(task, signal, onProgress) {
      const show = isTerminal ? nodeBars(out, task) : nodeLines(write);
      try {
        return await task.waitTillComplete({
          totalTimeout: 120_000,
          signal,
          pollIntervalMs: isTerminal ? 100 : 1_000,
          onProgress(progress) {
            show.progress(progress);
            onProgress?.(progress);
          },
        });
      } finally {
        show.end();
      }
    },
    table(head, rows) {
      const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
      for (const row of rows) table.push([...row]);
      write(table.toString());
    },
  };
}

function bars(out: NodeJS.WriteStream, format: string): MultiBar {
  // What stands beside the longest bar takes about 72 columns.
  const barsize = Math.max(8, Math.min(40, (out.columns ?? 80) - 72));
  const look = { barsize, barCompleteChar: "█", barIncompleteChar: "░" };
  return new MultiBar({ stream: out, format, hideCursor: true, fps: 20, ...look });
}

function countingBar(out: NodeJS.WriteStream, label: string, total: number) {
  const multi = bars(out, `  ${label.padEnd(18)} {bar} {value}/{total}`);
  const bar = multi.create(total, 0);
  return { to: (count: number) => bar.update(count), end: () => multi.stop() };
}

function countingLines(write: (text: string) => void, label: string, total: number) {
  let tenths = 0;
  return {
    to(count: number): void {
      const now = Math.floor((10 * count) / total);
      if (now <= tenths) return;
      tenths = now;
      write(`  ${label} ${count}/${total}`);
    },
    end: () => undefined,
  };
}

function nodeBars(out: NodeJS.WriteStream, task: ExecuteTask) {
  const multi = bars(
    out,
    "  {node} {bar} {percentage}%  {state}  {succeeded} done, {dropped} filtered, {failed} failed",
  );
  const created = new Map<string, SingleBar>();
  for (const node of task.nodes) created.set(node, multi.create(100, 0, nodePayload(node)));
  return {
    progress({ perNode }: TaskProgress): void {
      for (const part of Object.values(perNode)) {
        created.get(part.node)?.update(Math.round(part.percent ?? 0), {
          node: part.node.padEnd(16),
          state: part.state.padEnd(7),
          succeeded: part.succeeded ?? "?",
          dropped: dropped(part),
          failed: part.failed ?? "?",
        });
      }
    },
    end: () => multi.stop(),
  };
}

function nodePayload(node: string) {
  return { node: node.padEnd(16), state: "active ", succeeded: 0, dropped: 0, failed: 0 };
}

function inPercent(percent: number | null): string {
  return percent === null ? "?" : `${percent.toFixed(0)}%`;
}

/** A line for each tenth of the way: a log needs no more. */
function nodeLines(write: (text: string) => void) {
  let tenths = 0;
  let shown: TaskProgress["state"] = "active";
  return {
    progress({ percent, state, perNode }: TaskProgress): void {
      const now = Math.floor((percent ?? 0) / 10);
      if (now <= tenths && state === shown) return;
      tenths = now;
      shown = state;
      const nodes = Object.values(perNode).map((part) => `${part.node} ${inPercent(part.percent)}`);
      write(`  ${inPercent(percent)} ${state} (${nodes.join(", ")})`);
    },
    end: () => undefined,
  };
}

function dropped(part: { filteredByMeta: number | null; filteredByBins: number | null }): number | string {
  return part.filteredByMeta === null || part.filteredByBins === null ? "?" : part.filteredByMeta + part.filteredByBins;
}
