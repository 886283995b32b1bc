import { environment } from "../transport/machine.js";
import { ConfigError } from "./config-error.js";
import type { Configuration } from "./configuration.js";
import { readOwnFormat } from "./own-format.js";
import { Place } from "./place.js";
import { isSharedFormat, readSharedFormat } from "./shared-format.js";
import { namedFiles } from "./tls-files.js";

/** How a document is written. JSON is read without any library. */
export type ConfigFormat = "yaml" | "json";

/** Text longer than this is no configuration. */
const MOST_LENGTH = 1_048_576;

/** A document as it was read, before anything is known of what it says. */
export interface ParsedDocument {
  readonly root: Place;
  /** The line of what stands at a path; undefined where that is not known. */
  lineOf(path: string): number | undefined;
}

/** @throws ConfigError for text that is not in the format */
export async function parseDocument(text: string, format: ConfigFormat): Promise<ParsedDocument> {
  if (text.length > MOST_LENGTH)
    throw new ConfigError("", `expected at most ${MOST_LENGTH} characters, got ${text.length}`);
  return format === "json" ? parseJson(text) : parseYaml(text);
}

function parseJson(text: string): ParsedDocument {
  try {
    return { root: new Place(JSON.parse(text)), lineOf: () => undefined };
  } catch (error) {
    // Node.js repeats the text, which may have secrets in it.
    const at = /position \d+|line \d+ column \d+/.exec(error instanceof Error ? error.message : "");
    throw new ConfigError("", `the text is not JSON${at === null ? "" : `, at ${at[0]}`}`);
  }
}

async function parseYaml(text: string): Promise<ParsedDocument> {
  const yaml = await import("yaml").catch((cause: unknown) => {
    throw new ConfigError("", "YAML is read by the package yaml, which is not there: npm install yaml", { cause });
  });
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    // Its message may repeat a piece of the text, which may be secret.
    const what = problem.code.toLowerCase().replaceAll("_", " ");
    throw new ConfigError("", `the text is not YAML: ${what}`, { line: lines.linePos(problem.pos[0]).line });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new ConfigError("", "the text can't be read as YAML: an alias has no anchor, or there are too many of them");
  }
  return {
    root: new Place(value ?? {}),
    lineOf(path) {
      const node: unknown = document.getIn(path.split("."), true);
      return yaml.isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
    },
  };
}

/** A document, and what it leads to. */
export interface ReadDocument {
  readonly configuration: Configuration;
  /** What stands at each place, as JSON, and what is in the files that are named there: to compare, not to show. */
  readonly leaves: ReadonlyMap<string, string>;
}

/**
 * Reads what a document says, and checks all of it.
 * @param readNamed contents of a file that it names
 * @throws ConfigError
 */
export async function readDocument(
  { root, lineOf }: ParsedDocument,
  readNamed: (path: string) => Promise<Uint8Array>,
): Promise<ReadDocument> {
  try {
    const leaves = leavesOf(root);
    if (isSharedFormat(root)) return { configuration: readSharedFormat(root), leaves };
    const contents = new Map<string, Uint8Array>();
    for (const place of namedFiles(root)) {
      const content = await readNamed(place.text()).catch((cause: unknown) => {
        throw new ConfigError(place.path, `the file can't be read: ${cause instanceof Error ? cause.message : ""}`, {
          cause,
        });
      });
      contents.set(place.text(), content);
      leaves.set(place.path, `${leaves.get(place.path)} ${content.join()}`);
    }
    const files = { read: (name: string) => contents.get(name) ?? new Uint8Array(), env: environment };
    return { configuration: readOwnFormat(root, files), leaves };
  } catch (error) {
    if (!(error instanceof ConfigError) || error.line !== undefined) throw error;
    throw new ConfigError(error.path, error.reason, { line: lineOf(error.path), cause: error.cause });
  }
}

function leavesOf(root: Place): Map<string, string> {
  const leaves = new Map<string, string>();
  const walk = (place: Place): void => {
    const { value, path } = place;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      leaves.set(path, JSON.stringify(value) ?? "");
    else for (const [, each] of place.entries()) walk(each);
  };
  walk(root);
  return leaves;
}
