import { PassThrough } from "node:stream";
import type { Io, Prompter } from "../../cli/io.js";
import { run } from "../../cli/run.js";
import { connect } from "../../src/index.js";

/** What a command line did. */
export interface CliOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** The questions that were asked, in order. */
  readonly asked: readonly string[];
}

export interface CliWorld {
  /** Where commands connect to when nothing else says so. */
  readonly hosts?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly home?: string | undefined;
  readonly stdin?: string | undefined;
  /** A terminal of so many columns on all three streams. Default: none. */
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /**
   * What the user says to each question; more questions than answers are an error. A function is called with the
   * question.
   */
  readonly answers?: readonly Answer[] | undefined;
  /** Called with the function that presses Ctrl-C, each time that something was written. */
  readonly onOutput?: ((text: string, pressCtrlC: () => void) => void) | undefined;
  /** Closes stdout, as `head` does, once so many characters have come. */
  readonly closeAfter?: number | undefined;
  /** What stdout fails with then. Default: `EPIPE`. */
  readonly closeCode?: string | undefined;
}

export type Answer = string | boolean | undefined | ((question: string) => string | boolean | undefined);

/** Carries a command line out as `aerowire` does, without a process. */
export async function runCli(argv: readonly string[], world: CliWorld = {}): Promise<CliOutcome> {
  const listeners: (() => void)[] = [];
  const pressCtrlC = (): void => listeners.at(-1)?.();
  const stdout = capture(world, pressCtrlC);
  const stderr = capture({ ...world, closeAfter: undefined }, pressCtrlC);
  const asked: string[] = [];
  const io: Io = {
    stdin: inputOf(world),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ...(world.hosts !== undefined && { AEROSPIKE_HOSTS: world.hosts }), ...world.env },
    home: world.home ?? "/nonexistent",
    clock: {
      now: () => performance.timeOrigin + performance.now(),
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms);
          signal?.addEventListener("abort", () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    },
    prompter: scripted(world.answers ?? [], asked),
    onInterrupt(listener) {
      listeners.push(listener);
      return () => void listeners.splice(listeners.lastIndexOf(listener), 1);
    },
    connect,
  };
  const exitCode = await run(argv, io);
  return { exitCode, out: stdout.text(), err: stderr.text(), asked };
}

function capture({ columns, rows, onOutput, closeAfter, closeCode = "EPIPE" }: CliWorld, pressCtrlC: () => void) {
  const chunks: string[] = [];
  let length = 0;
  const stream = Object.assign(
    new PassThrough(),
    columns === undefined ? {} : { isTTY: true, columns, rows: rows ?? 24 },
  );
  stream.on("data", (chunk: Buffer) => {
    const text = String(chunk);
    chunks.push(text);
    length += text.length;
    onOutput?.(text, pressCtrlC);
    if (closeAfter !== undefined && length > closeAfter) {
      stream.destroy(Object.assign(new Error(`write ${closeCode}`), { code: closeCode }));
    }
  });
  return { stream, text: () => chunks.join("") };
}

function inputOf({ stdin, columns }: CliWorld) {
  const stream = Object.assign(new PassThrough(), columns === undefined ? {} : { isTTY: true });
  stream.end(stdin ?? "");
  return stream;
}

/** Text as it stands on the screen, without colours and movements. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
}

function scripted(answers: readonly Answer[], asked: string[]): Prompter {
  let next = 0;
  const answer = (question: string): string | boolean | undefined => {
    asked.push(question);
    if (next >= answers.length) throw new Error(`nobody answers: ${question}`);
    const given = answers[next++];
    return typeof given === "function" ? given(question) : given;
  };
  const text = async (question: string): Promise<string | undefined> => {
    const given = answer(question);
    return typeof given === "boolean" ? String(given) : given;
  };
  return {
    confirm: async (question) => {
      const given = answer(question);
      return typeof given === "string" ? given === "yes" : given;
    },
    text,
    password: text,
    choose: async (question, choices) => {
      const given = answer(question);
      return choices.find(({ value }) => value === given)?.value;
    },
  };
}
