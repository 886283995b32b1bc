import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ROOMS = ["protocol", "ael", "runtime", "lua", "src", "emulator", "cli"];
/** Where files may know each other's types, as a tree and its parts do. */
const MAY_SHARE_TYPES = ["ael", "src"];

/** `import … from "./x.js"`, `export … from "./x.js"` and `import "./x.js"`, from the start of a line. */
const STATEMENT = /^(?:import|export)(\s+type)?(?:\s([^;"']*?)\sfrom)?\s+"(\.[^"]+)"/gm;

type Graph = ReadonlyMap<string, readonly string[]>;

/** Which files of the rooms each of them imports when it is loaded; with `types`, also those whose types it names. */
function importsOf(rooms: readonly string[], types: boolean): Graph {
  const known = new Set(rooms.flatMap(filesOf));
  return new Map(
    [...known].map((file) => {
      const statements = [...readFileSync(join(ROOT, file), "utf8").matchAll(STATEMENT)];
      const imported = statements
        .filter(([, type, names]) => types || (type === undefined && !namesTypesOnly(names)))
        .map(([, , , path]) => join(dirname(file), path ?? "").replace(/\.js$/, ".ts"));
      return [file, imported.filter((path) => known.has(path))];
    }),
  );
}

function filesOf(room: string): string[] {
  const names = readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(room, name.replaceAll("\\", "/")));
}

/** Such as `{ type A, type B }`. */
function namesTypesOnly(names: string | undefined): boolean {
  const list = names?.match(/^\{(.*)\}$/s)?.[1];
  if (list === undefined) return false;
  return list.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
}

/** The first way from a file back to itself that is found; undefined when there is none. */
function findCircle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): readonly string[] | undefined => {
    const start = way.indexOf(file);
    if (start >= 0) return [...way.slice(start), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next, [...way, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = walk(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

describe("no file", () => {
  it("is loaded by what it loads", () => {
    const graph = importsOf(ROOMS, false);
    expect(graph.get("src/index.ts")?.length).toBeGreaterThan(20);
    expect(findCircle(graph)).toBeUndefined();
  });

  it.each(ROOMS.filter((room) => !MAY_SHARE_TYPES.includes(room)))(
    "of %s/ knows the types of what knows it",
    (room) => {
      expect(findCircle(importsOf([room], true))).toBeUndefined();
    },
  );
});

describe("a circle", () => {
  it("is found behind files that are in none", () => {
    const graph = new Map([
      ["a", ["b", "c"]],
      ["b", []],
      ["c", ["b", "d"]],
      ["d", ["c"]],
    ]);
    expect(findCircle(graph)).toEqual(["c", "d", "c"]);
  });
});
