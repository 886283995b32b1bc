import type { Readable, Writable } from "node:stream";
import type { Cluster, ConnectOptions } from "../src/index.js";

/** Where text goes: a terminal, a pipe, a file, or a test. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** Where text comes from. */
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown };

/** Time, passed in so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One of several answers. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** Asks the user at the terminal. Ctrl-C and Escape answer `undefined`, which is never a yes. */
export interface Prompter {
  confirm(question: string): Promise<boolean | undefined>;
  text(question: string, placeholder?: string): Promise<string | undefined>;
  password(question: string): Promise<string | undefined>;
  choose<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
}

/** What a command may touch of the world. The files it reads and writes are those that it was told to. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's own folder. */
  readonly home: string;
  readonly clock: Clock;
  /** Asks the user. */
  readonly prompter: Prompter;
  /** Calls on every Ctrl-C. @returns what ends that */
  onInterrupt(listener: () => void): () => void;
  connect(hosts: string, options: ConnectOptions): Promise<Cluster>;
}

/** Whether there is somebody at a terminal who can be asked. */
export function canAsk(io: Io): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true;
}
