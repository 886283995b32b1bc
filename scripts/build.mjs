// Builds what the package ships: ESM bundles, and the declarations of what they export.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { build } from "rolldown";
import { minifySync } from "rolldown/utils";
import { ascii } from "./ascii.mjs";
import { breakLines } from "./break-lines.mjs";
import { inlineConstants } from "./inline-constants.mjs";
import { pruneDeclarations } from "./prune-declarations.mjs";

/**
 * Bundles by what they share: those of one line have common code in files of their own, the others share none. What a
 * program loads only when it needs it is in such files, too.
 */
const bundles = [
  {
    index: "src/index.ts",
    ael: "src/ael/index.ts",
    workers: "src/workers/index.ts",
    packed: "src/packed/index.ts",
    config: "src/config/index.ts",
    opentelemetry: "src/opentelemetry/index.ts",
    emulator: "emulator/index.ts",
    lua: "lua/final-reduce.ts",
    // Loaded by `connect`; as entries they need no object around what they export.
    "chunks/core": "src/cluster/cluster-core.ts",
    "chunks/session": "src/client/new-session.ts",
  },
  { "sockets-node": "src/transport/node.ts" },
  { "sockets-workers": "src/transport/workers.ts" },
  { "sockets-none": "src/transport/none.ts" },
];

/**
 * Files by what programs use together, from the ground up: bundlers leave out whole files of a package without side effects,
 * and little within one. What is loaded when it is needed stays in files of its own.
 */
const rooms = [
  [
    "values",
    /\/(protocol\/(bytes|value|check|key|message|frame|info\/server-version|[^/]+\.ts)|src\/(errors|transactions\/commit-error))/,
  ],
  ["data", /\/src\/data\/(?!digest-set|compare-values)/],
  // With the error of their texts.
  [
    "expressions",
    /\/(protocol\/(exp|cdt)\/|ael\/mistake|src\/(exp\/(expression|from-bytes|paths)|ael\/ael-parse-error|query\/(filter|describe-index-filter))\.ts)/,
  ],
  // A client needs it for campaigns alone.
  ["exp", /\/src\/exp\/exp\.ts/],
  ["language", /(?<!\/src)\/ael\/|\/src\/ael\/(compile|filter|prepared)\.ts/],
  // What programs name, and `connect` before it waits for code and network.
  [
    "client",
    /\/src\/(client\/(connect|cluster-definition)|cluster\/(auth\/login-memory|options|tell|version|metrics\/latency)|admin\/udf-compile-error|background\/(execute-task|task-errors|campaign-api\/campaign-errors)|records\/record(-result|-stream)?)\.ts/,
  ],
  ["core", /\/src\/cluster\/cluster-core\.ts/],
  ["session", /\/src\/client\/new-session\.ts/],
  ["administration", /\/src\/admin\//],
  ["batches", /\/src\/(batch\/|records\/(many|segment-run|segment-stream)\.ts)/],
].map(([name, test], i) => ({ name, test, priority: 10 - i, includeDependenciesRecursively: true }));

/**
 * What `imports` in package.json stands for: the sockets, of which each runtime gets its own, and Lua, which is loaded
 * when an aggregation needs it.
 */
const apart = {
  name: "apart",
  resolveId(id, importer) {
    if (importer === undefined) return undefined;
    if (id.endsWith("/transport/node.js")) return { id: "#sockets", external: true };
    return id.endsWith("/lua/final-reduce.js") ? { id: "#lua", external: true } : undefined;
  },
};

const mangling = (names) => ({
  compress: { target: "es2022", keepNames: names },
  mangle: { toplevel: true, keepNames: names },
  codegen: { removeWhitespace: true },
});

/**
 * Names of functions and classes stay, as stack traces show them; those of variables do not, and in the emulator, which is
 * for tests, those of classes alone stay.
 */
const shortNames = {
  name: "short-names",
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      const names = { class: true, function: !file.moduleIds.every((id) => /\/emulator\//.test(id)) };
      file.code = minifySync(file.fileName, file.code, { ...mangling(names), module: true }).code;
    }
  },
};

rmSync("dist", { recursive: true, force: true });

// Rolldown keeps the names of classes that refer to themselves, which users see in
// errors and logs; esbuild puts an underscore before them.
for (const input of bundles) {
  await build({
    input,
    platform: "node",
    // Installed beside the bundle, so that a user's lockfile decides their versions.
    external: (id, importer) => importer !== undefined && !id.startsWith(".") && !isAbsolute(id),
    plugins: [apart, inlineConstants(), shortNames, ascii(), breakLines()],
    optimization: { inlineConst: { mode: "all", pass: 2 } },
    preserveEntrySignatures: "allow-extension",
    resolve: { extensionAlias: { ".js": [".ts"] } },
    transform: { target: "node20.19" },
    output: {
      dir: "dist",
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name].js",
      codeSplitting: "index" in input && { groups: rooms },
      format: "esm",
      comments: false,
      minify: false,
    },
  });
}

// The command line: its libraries are in it, so that the package keeps its one dependency; the client and the emulator
// are those beside it.
const commandLine = await build({
  input: "cli/bin.ts",
  platform: "node",
  external: (id, importer) => importer !== undefined && id.startsWith("node:"),
  plugins: [
    ascii(),
    {
      name: "beside",
      resolveId(id) {
        if (id.endsWith("/src/index.js")) return { id: "./index.js", external: true };
        if (id.endsWith("/src/ael/index.js")) return { id: "./ael.js", external: true };
        return id.endsWith("/emulator/index.js") ? { id: "./emulator.js", external: true } : undefined;
      },
    },
    {
      // What tables measure text with has a list of emoji of its own, and what measures it elsewhere in the program has not;
      // colors are put on by the program.
      name: "lean-tables",
      load(id) {
        if (id.includes("/node_modules/string-width/")) return 'module.exports = require("fast-string-width").default;';
        return id.includes("/node_modules/@colors/colors/") ? "" : undefined;
      },
    },
  ],
  resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  transform: { target: "node20.19" },
  output: { file: "dist/cli.js", format: "esm", minify: true, comments: false, codeSplitting: false },
});

// The page of `jobs watch --web`: one file, with everything in it.
const page = await build({
  input: "cli/web/page/main.ts",
  platform: "browser",
  resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  output: { format: "iife", minify: true, comments: false },
  write: false,
});
const style = `${readFileSync("node_modules/uplot/dist/uPlot.min.css", "utf8")}\n${readFileSync("cli/web/page/page.css", "utf8")}`;
const [script] = page.output;
writeFileSync(
  "dist/watch.html",
  readFileSync("cli/web/page/page.html", "utf8")
    .replace("/*STYLE*/", () => style)
    .replace("/*SCRIPT*/", () => script.code.replaceAll("</script", "<\\/script")),
);

const bundled = [...commandLine.output, ...page.output].flatMap(({ modules = {} }) =>
  Object.entries(modules).flatMap(([id, { renderedLength }]) => (renderedLength > 0 ? [id] : [])),
);
writeFileSync("dist/cli.licenses.txt", licensesOf(bundled));

execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
pruneDeclarations("dist/types", [
  "src/index.d.ts",
  "src/ael/index.d.ts",
  "src/workers/index.d.ts",
  "src/packed/index.d.ts",
  "src/config/index.d.ts",
  "src/opentelemetry/index.d.ts",
  "emulator/index.d.ts",
]);

/** What the licenses of bundled packages ask for: whose they are, and their text, once where several have the same. */
function licensesOf(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  const owners = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} ${version} (${license}) has no license file to ship`);
    const text = readFileSync(join(folder, file), "utf8").trim();
    const terms = text.search(/^(Permission is|Permission to) /m);
    const [whose, body] = terms < 0 ? ["", text] : [text.slice(0, terms).trim(), text.slice(terms)];
    const paragraphs = body.split(/\n\s*\n/).map((one) => one.replaceAll(/\s+/g, " ").trim());
    const key = paragraphs.join("\n\n");
    owners.set(key, [...(owners.get(key) ?? []), `${name} ${version}\n\n${whose}`]);
  }
  const line = `\n\n${"-".repeat(80)}\n\n`;
  return `${[...owners].map(([terms, whose]) => `${whose.join("\n\n")}\n\n${terms}`).join(line)}\n`;
}
