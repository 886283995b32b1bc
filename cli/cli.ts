import { type Command, CommanderError } from "commander";
import type { Session } from "../src/index.js";
import type { ConnectionFlags } from "./connection/connection-options.js";
import { type OpenCluster, openCluster } from "./connection/open-cluster.js";
import type { ExitCode } from "./exit-code.js";
import type { Io } from "./io.js";
import { Screen } from "./output/screen.js";

/** What a command ends with; nothing is DONE. */
export type CommandResult = ExitCode | undefined;

/** A command's way to the world: screen, cluster, signal. One for each command line. */
export class Cli {
  readonly io: Io;
  readonly screen: Screen;
  /** Fires on Ctrl-C, unless the command has taken that over, and when the reader of the output went away. */
  readonly signal: AbortSignal;
  /** What the command ended with. */
  result: CommandResult = undefined;
  readonly #shared: OpenCluster | undefined;
  readonly #controller = new AbortController();
  readonly #opened: OpenCluster[] = [];
  #interrupts = 0;

  /** @param shared a cluster that is open already, as in the shell; it stays open */
  constructor(io: Io, shared?: OpenCluster) {
    this.io = io;
    this.screen = new Screen(io);
    this.signal = this.#controller.signal;
    this.#shared = shared;
  }

  /** Ends what is under way. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** How often Ctrl-C came. */
  interrupt(): number {
    this.#interrupts++;
    this.#controller.abort(new Error("interrupted"));
    return this.#interrupts;
  }

  /** Connects as the command's flags say. */
  async open(command: Command): Promise<OpenCluster> {
    return await this.openWith(this.io, command.optsWithGlobals<ConnectionFlags>());
  }

  /** As {@link open}, with flags from elsewhere. */
  async openWith(io: Io, flags: ConnectionFlags): Promise<OpenCluster> {
    if (this.#shared !== undefined) return this.#shared;
    const opened = await openCluster(io, flags, this.screen, this.signal);
    this.#opened.push(opened);
    return opened;
  }

  /** A session on the cluster that the command's flags name. */
  async session(command: Command): Promise<{ readonly open: OpenCluster; readonly session: Session }> {
    const open = await this.open(command);
    return { open, session: open.cluster.createSession() };
  }

  /** Closes what it opened. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.map(({ cluster }) => cluster.close()));
  }

  /** Makes a commander action of a function: its result is what the process ends with. */
  action<A extends unknown[]>(
    run: (...args: A) => Promise<ExitCode> | Promise<void> | Promise<ExitCode | undefined>,
  ): (...args: A) => Promise<void> {
    return async (...args) => {
      this.result = (await run(...args)) ?? undefined;
    };
  }

  /** For commands that only hold others: without one of them they show their help. */
  group(parent: Command, name: string, description: string): Command {
    const group = parent.command(name).description(description);
    group.action(() => {
      const [unknown] = group.args;
      if (unknown !== undefined) group.error(`error: unknown command '${name} ${unknown}'`);
      group.outputHelp({ error: true });
      throw new CommanderError(2, "aerowire.help", "a command is missing");
    });
    return group.allowExcessArguments();
  }
}

/** Options that several commands have. */
export function addWhere(command: Command): Command {
  return addParam(command.option("-w, --where <expression>", "only records for which it is true: '$.age > 30'"));
}

/** Values of placeholders. */
export function addParam(command: Command): Command {
  return command.option("-p, --param <value>", "the value of ?0, ?1 … in it; repeatable", collect);
}

/** Gathers an option that may be repeated. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
