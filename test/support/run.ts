import { spawn } from "node:child_process";

export interface RunOptions {
  readonly cwd?: string;
  /** On top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal?: AbortSignal;
}

export interface Ended {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whichever end that is. */
export function runToEnd(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, signal } = options;
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    ...(signal !== undefined && { signal }),
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** Runs a program and answers what it printed; throws, with all of it, when it failed. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runToEnd(command, args, options);
  if (exitCode !== 0) {
    throw new Error(`${[command, ...args].join(" ")} ended with ${exitCode}\n${stdout}${stderr}`);
  }
  return stdout;
}
