import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAst } from "rolldown/parseAst";

/**
 * Writes numbers where code looks them up in a table of constants, as `ResultCode.KEY_NOT_FOUND`: minifiers shorten the
 * names of variables, and not what stands behind a dot.
 */
export function inlineConstants() {
  const tables = new Map();
  const tablesOf = (file) => {
    let own = tables.get(file);
    if (own === undefined) {
      own = readTables(file);
      tables.set(file, own);
    }
    return own;
  };
  return {
    name: "inline-constants",
    transform: {
      filter: { id: /\/(?:protocol|ael|lua|runtime|src|emulator)\/.*\.ts$/, code: /\b[A-Z]\w+\.[A-Z]/ },
      handler(code, id) {
        const { body } = parseAst(code, { lang: "ts" }, id);
        const known = new Map(tablesOf(id));
        for (const { type, source, specifiers } of body) {
          if (type !== "ImportDeclaration" || !source.value.startsWith(".")) continue;
          const from = tablesOf(join(dirname(id), source.value.replace(/\.js$/, ".ts")));
          for (const { imported, local } of specifiers) {
            const table = imported && from.get(imported.name);
            if (table !== undefined) known.set(local.name, table);
          }
        }
        if (known.size === 0) return undefined;
        let text = "";
        let at = 0;
        const inOrder = [...lookupsIn(body)].sort((a, b) => a.start - b.start);
        for (const { start, end, object, property } of inOrder) {
          const number = known.get(object.name)?.get(property.name);
          if (number === undefined) continue;
          text += `${code.slice(at, start)}${number < 0 ? `(${number})` : number}`;
          at = end;
        }
        return { code: text + code.slice(at), map: null };
      },
    },
  };
}

/** What a module exports as `const X = { A: 1 } as const`: the numbers by name, by name of the table. */
function readTables(file) {
  const code = readFileSync(file, "utf8");
  const found = new Map();
  if (!/^export const [A-Z]\w* = \{/m.test(code)) return found;
  for (const { declaration } of parseAst(code, { lang: "ts" }, file).body) {
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations) {
      if (init?.type !== "TSAsExpression" || init.expression.type !== "ObjectExpression") continue;
      const numbers = init.expression.properties.map(({ key, value }) => [key?.name, numberOf(value)]);
      found.set(id.name, new Map(numbers.filter(([, number]) => Number.isInteger(number))));
    }
  }
  return found;
}

function numberOf(node) {
  if (node?.type === "Literal" && typeof node.value === "number") return node.value;
  if (node?.type === "UnaryExpression" && node.operator === "-") return -numberOf(node.argument);
  if (node?.type === "BinaryExpression" && node.operator === "<<") return numberOf(node.left) << numberOf(node.right);
  return undefined;
}

/** `X.Y` */
function* lookupsIn(node) {
  if (Array.isArray(node)) for (const one of node) yield* lookupsIn(one);
  else if (typeof node === "object" && node !== null) {
    if (node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier") yield node;
    else for (const [key, value] of Object.entries(node)) if (key !== "parent") yield* lookupsIn(value);
  }
}
