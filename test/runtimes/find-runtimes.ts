import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface FoundRuntime {
  /** Its name and version, as `runtimeName()` of a program on it says. */
  readonly name: string;
  readonly command: string;
  /** What comes before the name of the program. */
  readonly args: readonly string[];
}

const MODULES = fileURLToPath(new URL("./node_modules/", import.meta.url));
const INSTALL = "npm run runtimes:install";

interface Known {
  readonly name: string;
  /** What it is called on the command line, and the variable that names it when it is elsewhere. */
  readonly id: string;
  readonly path: string;
  readonly args: readonly string[];
}

const KNOWN: readonly Known[] = [
  ...[22, 24, 26].map((major) => ({ name: "Node.js", id: `node-${major}`, path: `node-${major}/bin/node`, args: [] })),
  { name: "Bun", id: "bun", path: ".bin/bun", args: [] },
  { name: "Deno", id: "deno", path: ".bin/deno", args: ["run", "-A"] },
];

/** The names that {@link findRuntime} takes. */
export const runtimeIds: readonly string[] = KNOWN.map(({ id }) => id);

/**
 * A runtime: what AEROWIRE_BUN, AEROWIRE_DENO, AEROWIRE_NODE_22 and so on name, else the one that is installed beside
 * this file.
 * @throws Error when it can't be run: a runtime that is missing must not pass for one that works
 */
export function findRuntime(id: string): FoundRuntime {
  const known = KNOWN.find((one) => one.id === id);
  if (known === undefined) throw new Error(`There is no runtime "${id}"; there are ${runtimeIds.join(", ")}`);
  const { name, path, args } = known;
  const variable = `AEROWIRE_${id.toUpperCase().replace("-", "_")}`;
  const command = process.env[variable] ?? `${MODULES}${path}`;
  try {
    const answer = execFileSync(command, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const version = /\d+\.\d+\.\d+/.exec(answer)?.[0] ?? answer.trim();
    return { name: `${name} ${version}`, command, args };
  } catch (error) {
    throw new Error(`${id} can't be run as ${command}: ${INSTALL}, or set ${variable} to its path`, { cause: error });
  }
}

/** This Node.js and all the others. */
export function findRuntimes(): readonly FoundRuntime[] {
  const own = { name: `Node.js ${process.versions.node}`, command: process.execPath, args: [] };
  return [own, ...runtimeIds.map(findRuntime)];
}

/** A package that is installed beside the runtimes, as they are too large for every `npm ci`. */
export async function runtimePackage<T>(name: string): Promise<T> {
  if (!existsSync(`${MODULES}${name}`)) throw new Error(`The package ${name} is missing: ${INSTALL}`);
  return import(name) as Promise<T>;
}
