import { createInterface } from "node:readline";
import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { clusterLookup } from "../completion/lookup.js";
import { clusterWords } from "../confirm.js";
import { readConfig } from "../connection/config-file.js";
import type { OpenCluster } from "../connection/open-cluster.js";
import { ExitCode } from "../exit-code.js";
import { failureOf } from "../failure.js";
import { canAsk, type Io } from "../io.js";
import { History } from "../shell/history.js";
import { SHELL_HELP } from "../shell/shell-commands.js";
import { ShellCompleter } from "../shell/shell-completer.js";
import { splitWords } from "../shell/words.js";
import { parseTarget } from "../values/target.js";

/** Carries a command line out on a cluster that is open; `run`, which this file can't import without a circle. */
export type RunLine = (argv: readonly string[], io: Io, shared: OpenCluster) => Promise<number>;
/** Makes the program anew. */
export type MakeProgram = () => Command;

const EXAMPLES = `
Examples:
  $ aerowire shell
  $ aerowire -c local shell < commands.txt`;

export function addShell(program: Command, cli: Cli, runLine: RunLine, makeProgram: MakeProgram): void {
  const command = program
    .command("shell")
    .description("a prompt for all commands, with completion")
    .option("--use <target>", "the set that expressions are about")
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async ({ use }: { readonly use?: string }) => {
        if (use !== undefined) parseTarget(use);
        const open = await cli.open(command);
        const shell = new Shell(cli, open, runLine, use);
        return canAsk(cli.io) ? await shell.converse(makeProgram) : await shell.runAll();
      }),
    );
}

class Shell {
  readonly #cli: Cli;
  readonly #open: OpenCluster;
  readonly #runLine: RunLine;
  #used: string | undefined;

  constructor(cli: Cli, open: OpenCluster, runLine: RunLine, used: string | undefined) {
    this.#cli = cli;
    this.#open = open;
    this.#runLine = runLine;
    this.#used = used;
  }

  /** Lines of a file or a pipe, until one fails. */
  async runAll(): Promise<ExitCode> {
    for await (const line of createInterface({ input: this.#cli.io.stdin })) {
      const exitCode = await this.#carryOut(line);
      if (exitCode === undefined) break;
      if (exitCode !== ExitCode.DONE) return exitCode as ExitCode;
    }
    return ExitCode.DONE;
  }

  async converse(makeProgram: MakeProgram): Promise<ExitCode> {
    const { io, screen } = this.#cli;
    const history = await History.load(io);
    const session = this.#open.cluster.createSession();
    const clusters = async () => [...((await readConfig(io, undefined))?.clusters.keys() ?? [])];
    const completer = new ShellCompleter(
      session,
      makeProgram,
      clusterLookup(async () => session, clusters),
    );
    screen.note(`${clusterWords(this.#open)}; help shows what there is, Ctrl-D ends`);
    for (;;) {
      const line = await this.#ask(history, completer);
      if (line === undefined) break;
      history.add(line);
      if ((await this.#carryOut(line)) === undefined) break;
    }
    await history.save();
    return ExitCode.DONE;
  }

  /** The next line; empty after Ctrl-C, undefined after Ctrl-D. */
  #ask(history: History, completer: ShellCompleter): Promise<string | undefined> {
    const { io, screen } = this.#cli;
    const { noteColors } = screen;
    const name = this.#open.production ? noteColors.red(this.#open.name) : noteColors.cyan(this.#open.name);
    return new Promise((resolve) => {
      // One for each line: while a command runs, the terminal and Ctrl-C are its own.
      const lines = createInterface({
        input: io.stdin,
        output: io.stderr,
        terminal: true,
        history: [...history.lines],
        historySize: 1_000,
        prompt: `${name}${this.#used === undefined ? "" : ` ${this.#used}`}> `,
        completer: (text: string, done: (error: null, result: [string[], string]) => void) => {
          completer.complete(text, this.#used).then(
            (result) => done(null, result),
            () => done(null, [[], text]),
          );
        },
      });
      let answer: string | undefined;
      lines.on("line", (line) => {
        answer = line;
        lines.close();
      });
      lines.on("SIGINT", () => {
        io.stderr.write("^C\n");
        answer = "";
        lines.close();
      });
      lines.on("close", () => {
        if (answer === undefined) io.stderr.write("\n");
        resolve(answer);
      });
      lines.prompt();
    });
  }

  /** What a line ended with; undefined when it is to be the last one. */
  async #carryOut(line: string): Promise<number | undefined> {
    const { screen } = this.#cli;
    let words: string[];
    try {
      words = this.#wordsOf(line.trim());
    } catch (error) {
      screen.note(failureOf(error).text);
      return ExitCode.USAGE;
    }
    const [first] = words;
    switch (first) {
      case undefined:
        return ExitCode.DONE;
      case "exit":
      case "quit":
        return undefined;
      case "help":
        if (words.length > 1) break;
        await screen.print(SHELL_HELP);
        return ExitCode.DONE;
      case "use":
        return this.#use(words.slice(1));
      case "shell":
        screen.note("this is one");
        return ExitCode.USAGE;
    }
    return await this.#runLine(words, this.#cli.io, this.#open);
  }

  #wordsOf(line: string): string[] {
    if (line.startsWith("#")) return [];
    if (!/^[($]/.test(line)) return splitWords(line);
    if (this.#used === undefined) throw new TypeError("an expression is about a set: say which by use <namespace.set>");
    return ["query", this.#used, "--where", line];
  }

  #use([target, ...others]: readonly string[]): number {
    const { screen } = this.#cli;
    try {
      if (target === undefined || others.length > 0) throw new TypeError("expected use <namespace.set>");
      parseTarget(target);
      this.#used = target;
      return ExitCode.DONE;
    } catch (error) {
      screen.note(failureOf(error).text);
      return ExitCode.USAGE;
    }
  }
}
