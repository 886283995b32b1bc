import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

interface Declaration {
  readonly name: string;
  readonly file: string;
  /** From its first line to the bracket that closes it; the formatter puts that in the first column. */
  readonly text: string;
  readonly isDocumented: boolean;
}

const sources = new Map<string, string>();

function source(file: string): string {
  let text = sources.get(file);
  if (text === undefined) {
    text = readFileSync(file, "utf8");
    sources.set(file, text);
  }
  return text;
}

/** What a module exports, each where it is declared. */
function exportsOf(file: string): Declaration[] {
  const text = source(file);
  const found: Declaration[] = [];
  for (const [, names, module] of text.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from "(.+)\.js";/gm)) {
    const from = join(dirname(file), `${module}.ts`);
    const all = exportsOf(from);
    const wanted = new Set(Array.from(names?.matchAll(/[\w$]+(?=\s*[,}])/g) ?? [], ([name]) => name));
    found.push(...all.filter(({ name }) => names === "*" || wanted.has(name)));
  }
  const declared = /^export (?:declare )?(?:abstract )?(?:class|function|interface|type|const) ([\w$]+)/gm;
  for (const match of text.matchAll(declared)) {
    const rest = text.slice(match.index);
    found.push({
      name: match[1] ?? "",
      file,
      text: rest.slice(0, rest.search(/\n[}\])]|$/)),
      isDocumented: /\*\/\n$/.test(text.slice(0, match.index)),
    });
  }
  return found;
}

/** Methods and accessors of a class or an interface that have no comment, neither themselves nor their first overload. */
function undocumentedMethods({ name, text }: Declaration): string[] {
  const lines = text.split("\n");
  const missing: string[] = [];
  let previous = "";
  lines.forEach((line, i) => {
    const method = /^ {2}(?:(?:static|override|abstract|async|get|set) )*([a-z]\w*)(?:<.*>)?\(/.exec(line)?.[1];
    if (method === undefined || method === "constructor") return;
    const isDocumented = lines[i - 1]?.endsWith("*/") || method === previous;
    previous = method;
    if (!isDocumented) missing.push(`${name}.${method}`);
  });
  return missing;
}

describe.each(["src/index.ts", "src/ael/index.ts", "emulator/index.ts"])("%s", (entry) => {
  const declarations = exportsOf(entry);

  test("has the exports that this test can see", () => {
    expect(declarations.length).toBeGreaterThan(10);
  });

  test("says of every export what it is", () => {
    const documented = new Set(declarations.filter((one) => one.isDocumented).map(({ name }) => name));
    expect(declarations.map(({ name }) => name).filter((name) => !documented.has(name))).toEqual([]);
  });

  test("says of every method what it does", () => {
    const shapes = declarations.filter(({ text }) => /^export (?:abstract )?(?:class|interface)/.test(text));
    expect(shapes.flatMap(undocumentedMethods)).toEqual([]);
  });
});
