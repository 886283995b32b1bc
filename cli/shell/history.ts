import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Io } from "../io.js";

const MOST = 1_000;

/** Lines that were typed before, newest first; kept between sessions. A line that begins with a blank is not kept. */
export class History {
  readonly #path: string;
  lines: string[];

  private constructor(path: string, lines: string[]) {
    this.#path = path;
    this.lines = lines;
  }

  static async load(io: Io): Promise<History> {
    const base = io.env["XDG_STATE_HOME"] || join(io.home, ".local", "state");
    const path = join(base, "aerowire", "history");
    const text = await readFile(path, "utf8").catch(() => "");
    return new History(
      path,
      text
        .split("\n")
        .filter((line) => line !== "")
        .reverse()
        .slice(0, MOST),
    );
  }

  add(line: string): void {
    if (line.startsWith(" ") || line.trim() === "" || line === this.lines[0]) return;
    this.lines = [line, ...this.lines].slice(0, MOST);
  }

  /** What can't be kept is no reason to fail. */
  async save(): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(this.#path, `${[...this.lines].reverse().join("\n")}\n`, { mode: 0o600 });
    } catch {
      // A home that can't be written to has no history.
    }
  }
}
