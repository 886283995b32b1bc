import { execFileSync } from "node:child_process";

export interface FoundRuntime {
  /** Its name and version. */
  readonly name: string;
  readonly command: string;
  /** What comes before the name of the program. */
  readonly args: readonly string[];
}

/**
 * The runtimes of this machine: this Node.js, those of AEROWIRE_NODE (paths, with the separator of PATH between them),
 * Bun and Deno from AEROWIRE_BUN and AEROWIRE_DENO or, if installed, from PATH.
 */
export function findRuntimes(env: NodeJS.ProcessEnv): readonly FoundRuntime[] {
  const others = env["AEROWIRE_NODE"]?.split(process.platform === "win32" ? ";" : ":") ?? [];
  return [
    ...[process.execPath, ...others].map((path) => found("Node.js", path, ["--version"], [], true)),
    found("Bun", env["AEROWIRE_BUN"] ?? "bun", ["--version"], [], env["AEROWIRE_BUN"] !== undefined),
    found("Deno", env["AEROWIRE_DENO"] ?? "deno", ["--version"], ["run", "-A"], env["AEROWIRE_DENO"] !== undefined),
  ].filter((runtime) => runtime !== undefined);
}

function found(
  name: string,
  command: string,
  ask: readonly string[],
  args: readonly string[],
  isNamed: boolean,
): FoundRuntime | undefined {
  try {
    const answer = execFileSync(command, ask, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const version = /\d+\.\d+\.\d+/.exec(answer)?.[0] ?? answer.trim();
    return { name: `${name} ${version}`, command, args };
  } catch (error) {
    if (isNamed) throw new Error(`${name} can't be run as ${command}`, { cause: error });
    return undefined;
  }
}
