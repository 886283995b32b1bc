import type { Command } from "commander";
import type { Session } from "../../src/index.js";
import { candidates, KEYWORDS } from "../completion/candidates.js";
import type { Lookup } from "../completion/lookup.js";
import { parseTarget } from "../values/target.js";
import { SHELL_COMMANDS } from "./shell-commands.js";

/** So many records decide which bins are offered. */
const SAMPLE = 50;

/** Completes lines of the shell: commands, sets, and in an expression bins and keywords. */
export class ShellCompleter {
  readonly #session: Session;
  readonly #program: () => Command;
  readonly #lookup: Lookup;
  readonly #bins = new Map<string, Promise<string[]>>();

  constructor(session: Session, program: () => Command, lookup: Lookup) {
    this.#session = session;
    this.#program = program;
    this.#lookup = lookup;
  }

  /** @param used the set that `use` chose */
  async complete(line: string, used: string | undefined): Promise<[words: string[], typed: string]> {
    const inExpression = /(?:^|[\s('"!<>=+\-*/%])(\$\.[^\s'"()<>=!+\-*/%[]*|[a-z]*)$/i.exec(line);
    if (inExpression !== null && isExpression(line)) {
      const typed = inExpression[1] ?? "";
      const target = targetIn(line) ?? used;
      const bins = target === undefined ? [] : (await this.#binsOf(target)).map((bin) => `$.${bin}`);
      const all = [...bins, ...KEYWORDS.map(({ word }) => `${word}${word === "$." ? "" : " "}`)];
      return [all.filter((word) => word.startsWith(typed)), typed];
    }
    // Quotes don't matter for what is offered.
    const words = line.trimStart().split(/\s+/);
    const typed = words.at(-1) ?? "";
    if (words.length === 2 && words[0] === "use") {
      return [(await this.#lookup.targets()).map(({ word }) => word).filter((word) => word.startsWith(typed)), typed];
    }
    const found = (await candidates(this.#program(), words, this.#lookup)).map(({ word }) => `${word} `);
    const own =
      words.length === 1 ? SHELL_COMMANDS.map(({ name }) => `${name} `).filter((word) => word.startsWith(typed)) : [];
    return [[...new Set([...found, ...own])], typed];
  }

  #binsOf(target: string): Promise<string[]> {
    let bins = this.#bins.get(target);
    if (bins === undefined) {
      bins = this.#sample(target);
      this.#bins.set(target, bins);
    }
    return bins;
  }

  async #sample(target: string): Promise<string[]> {
    try {
      const records = await this.#session.query(parseTarget(target)).limit(SAMPLE).collect({ totalTimeout: 2_000 });
      return [...new Set(records.flatMap(({ bins }) => Object.keys(bins)))].sort();
    } catch {
      return [];
    }
  }
}

/** Whether the cursor is in an expression: a line that is one, or the value of --where. */
function isExpression(line: string): boolean {
  return /^\s*[($]/.test(line) || /(?:--where|-w)[ =](?:'[^']*|"[^"]*|[^\s'"]*)$/.test(line);
}

/** The set that the line names. */
function targetIn(line: string): string | undefined {
  return /^\s*(?:query|export|background\s+\w+)\s+([^\s-]\S*)/.exec(line)?.[1];
}
