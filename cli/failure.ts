import { CommanderError } from "commander";
import {
  AbortError,
  AelParseError,
  AerospikeError,
  AuthenticationError,
  BatchError,
  CampaignError,
  ConnectionError,
  IndexNotFoundError,
  InvalidNamespaceError,
  InvalidNodeError,
  RecordNotFoundError,
  TaskAbortedError,
  TimeoutError,
  UdfError,
} from "../src/index.js";
import { ExitCode } from "./exit-code.js";

/** A command that can't go on: what the user is told, and what the process ends with. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Arguments that can't be right. */
export function usage(message: string): CliError {
  return new CliError(ExitCode.USAGE, message);
}

/** The output takes nothing more: its reader went away, or it can't be written, which `cause` says. */
export class ClosedPipe extends Error {
  constructor(cause?: unknown) {
    super("The output takes nothing more", { cause });
  }
}

/** What the user is told of an error, and what the process ends with. The text has no stack and may have several lines. */
export function failureOf(error: unknown): { readonly exitCode: number; readonly text: string } {
  if (error instanceof ClosedPipe) return outputFailure(error);
  if (error instanceof CliError) return { exitCode: error.exitCode, text: error.message };
  if (error instanceof CommanderError) {
    // It has said by itself what is wrong; help and version are no failures.
    return { exitCode: error.exitCode === 0 ? ExitCode.DONE : ExitCode.USAGE, text: "" };
  }
  if (error instanceof BatchError) return batchFailure(error);
  if (error instanceof AerospikeError) return { exitCode: exitCodeOf(error), text: wordsOf(error) };
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
    return { exitCode: ExitCode.USAGE, text: error.message };
  }
  if (error instanceof Error && "path" in error && "code" in error)
    return { exitCode: ExitCode.FAILED, text: fileWords(error) };
  return { exitCode: ExitCode.FAILED, text: error instanceof Error ? error.message : String(error) };
}

function outputFailure({ cause }: ClosedPipe): { readonly exitCode: number; readonly text: string } {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "EPIPE";
  const words = FILE_WORDS[code];
  if (words === undefined) return { exitCode: ExitCode.PIPE_CLOSED, text: "" };
  return { exitCode: ExitCode.FAILED, text: `The output could not be written: ${words}` };
}

/** The first of them says why; how many there are, the batch does. */
function batchFailure(error: BatchError): { readonly exitCode: number; readonly text: string } {
  const [first] = error.failures;
  if (first === undefined || first.error === null) return { exitCode: exitCodeOf(error), text: wordsOf(error) };
  const others =
    error.failures.length === 1 ? "" : `\nand ${error.failures.length - 1} more of ${error.rows.length} keys`;
  return { exitCode: error.inDoubt ? ExitCode.IN_DOUBT : exitCodeOf(first.error), text: wordsOf(first.error) + others };
}

const NOT_FOUND = [RecordNotFoundError, IndexNotFoundError, InvalidNamespaceError, InvalidNodeError];

function exitCodeOf(error: AerospikeError): ExitCode {
  if (error instanceof AelParseError) return ExitCode.USAGE;
  if (error instanceof AbortError) return error.inDoubt ? ExitCode.IN_DOUBT : ExitCode.INTERRUPTED;
  if (error instanceof TaskAbortedError) {
    return error.code === "TASK_UNKNOWN" ? ExitCode.NOT_FOUND : ExitCode.TASK_ENDED_EARLY;
  }
  if (error.inDoubt) return ExitCode.IN_DOUBT;
  if (NOT_FOUND.some((kind) => error instanceof kind)) return ExitCode.NOT_FOUND;
  if (error instanceof ConnectionError || error instanceof AuthenticationError || error instanceof TimeoutError) {
    return ExitCode.UNREACHABLE;
  }
  if (error.code === "CAMPAIGN_NOT_FOUND") return ExitCode.NOT_FOUND;
  // Not Lua refused, so the module or its function is not there.
  if (error instanceof UdfError && error.luaMessage === undefined) return ExitCode.NOT_FOUND;
  return ExitCode.FAILED;
}

function wordsOf(error: AerospikeError): string {
  const lines = [error instanceof CampaignError ? campaignWords(error) : error.message];
  if (error.hint !== undefined && !error.message.includes(error.hint)) lines.push(error.hint);
  if (error.inDoubt && exitCodeOf(error) === ExitCode.IN_DOUBT)
    lines.push("In doubt: this write may or may not have happened. Look before you repeat it.");
  return lines.join("\n");
}

/** In place of what a program calls, what is typed. */
function campaignWords({ code, campaign, message }: CampaignError): string {
  if (code !== "CAMPAIGN_EXISTS") return message;
  const id = JSON.stringify(campaign);
  return `There is a campaign ${id} already: "campaigns resume" goes on with it, "campaigns remove" forgets it`;
}

const FILE_WORDS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  EEXIST: "it is there already",
  ENOSPC: "the disk is full",
};

function fileWords(error: Error & { readonly path: unknown; readonly code: unknown }): string {
  return `${error.path}: ${FILE_WORDS[String(error.code)] ?? error.message}`;
}
