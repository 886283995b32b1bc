import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAst } from "rolldown/parseAst";

/**
 * Takes out of declarations what the entries do not lead to, as the compiler declares every module with all that it
 * exports: declarations, imports, and files that have none left.
 * @param {string} folder
 * @param {readonly string[]} entries paths in it
 */
export function pruneDeclarations(folder, entries) {
  const modules = new Map();
  const moduleAt = (path) => {
    let module = modules.get(path);
    if (module === undefined) {
      module = readModule(path);
      modules.set(path, module);
    }
    return module;
  };

  /** Whatever the name means in the module: something declared there, or imported. */
  const reachLocal = (module, name) => {
    const statements = module.declared.get(name);
    const imported = module.imported.get(name);
    if (imported !== undefined) {
      imported.isUsed = true;
      if (imported.from !== undefined) reachExport(moduleAt(imported.from), imported.name);
    }
    for (const statement of statements ?? []) {
      if (module.reached.has(statement)) continue;
      module.reached.add(statement);
      for (const used of namesIn(statement)) reachLocal(module, used);
    }
  };
  const reachExport = (module, name) => {
    if (name === undefined) {
      reachAll(module);
      return true;
    }
    const exported = module.exported.get(name);
    if (exported !== undefined) {
      exported.isUsed = true;
      if (exported.from === undefined) reachLocal(module, exported.name);
      else reachExport(moduleAt(exported.from), exported.name);
      return true;
    }
    return module.all.some(({ statement, from }) => {
      const isThere = reachExport(moduleAt(from), name);
      if (isThere) module.reached.add(statement);
      return isThere;
    });
  };
  const reachAll = (module) => {
    for (const name of module.exported.keys()) reachExport(module, name);
    for (const { statement, from } of module.all) {
      module.reached.add(statement);
      reachAll(moduleAt(from));
    }
  };

  for (const entry of entries) {
    const module = moduleAt(join(folder, entry));
    reachAll(module);
    for (const statement of module.globals) module.reached.add(statement);
  }
  for (const module of modules.values()) write(module);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !modules.has(path)) rmSync(path);
  }
}

function readModule(path) {
  const code = readFileSync(path, "utf8");
  const { body } = parseAst(code, { lang: "dts" }, path);
  const module = {
    path,
    code,
    body,
    /** Statements by the name that they declare. */
    declared: new Map(),
    imported: new Map(),
    exported: new Map(),
    all: [],
    globals: [],
    reached: new Set(),
  };
  const fileOf = (source) =>
    source.value.startsWith(".") ? join(dirname(path), source.value.replace(/\.js$/, ".d.ts")) : undefined;
  for (const statement of body) {
    switch (statement.type) {
      case "ImportDeclaration":
        for (const one of statement.specifiers) {
          const name = one.type === "ImportSpecifier" ? one.imported.name : undefined;
          module.imported.set(one.local.name, { from: fileOf(statement.source), name, specifier: one, isUsed: false });
        }
        break;
      case "ExportAllDeclaration":
        module.all.push({ statement, from: fileOf(statement.source) });
        break;
      case "ExportNamedDeclaration": {
        for (const one of statement.specifiers) {
          const from = statement.source === null ? undefined : fileOf(statement.source);
          module.exported.set(one.exported.name, { from, name: one.local.name, specifier: one, isUsed: false });
        }
        for (const name of declaredNames(statement.declaration)) {
          add(module.declared, name, statement);
          module.exported.set(name, { from: undefined, name, isUsed: false });
        }
        break;
      }
      default: {
        const names = declaredNames(statement);
        if (names.length === 0 || statement.kind === "global") module.globals.push(statement);
        for (const name of names) add(module.declared, name, statement);
      }
    }
  }
  return module;
}

function declaredNames(declaration) {
  if (declaration === null) return [];
  if (declaration.type === "VariableDeclaration") return declaration.declarations.map(({ id }) => id.name);
  return declaration.id?.name === undefined ? [] : [declaration.id.name];
}

function add(map, name, statement) {
  map.set(name, [...(map.get(name) ?? []), statement]);
}

/** All names in a statement: some of them are no more than names of members, and reach too much at worst. */
function namesIn(node, names = new Set()) {
  if (Array.isArray(node)) {
    for (const one of node) namesIn(one, names);
  } else if (typeof node === "object" && node !== null) {
    if (node.type === "Identifier") names.add(node.name);
    for (const [key, value] of Object.entries(node)) if (key !== "parent") namesIn(value, names);
  }
  return names;
}

function write(module) {
  const { path, code, body, reached } = module;
  const specifiers = new Set(
    [...module.imported.values(), ...module.exported.values()]
      .filter(({ isUsed }) => isUsed)
      .map((one) => one.specifier),
  );
  let text = "";
  let at = 0;
  let hasMore = false;
  for (const statement of body) {
    const before = code.slice(at, statement.start);
    const whole = code.slice(statement.start, statement.end);
    at = statement.end;
    const own = statement.specifiers ?? [];
    if (own.length > 0) {
      const kept = own.filter((one) => specifiers.has(one));
      if (kept.length === 0) continue;
      const list = kept.map((one) => code.slice(one.start, one.end)).join(", ");
      text += before + (kept.length === own.length ? whole : whole.replace(/\{[^}]*\}/, () => `{ ${list} }`));
    } else if (reached.has(statement)) text += before + whole;
    else {
      if (before.includes("<reference")) text += before;
      continue;
    }
    hasMore = true;
  }
  if (hasMore)
    writeFileSync(path, `${text.trim().replaceAll(/^(?: {4})+/gm, (space) => "\t".repeat(space.length / 4))}\n`);
  else rmSync(path);
}
