// Builds the site: guides, API reference and search by TypeDoc, the playground by esbuild. Fails on broken links.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Application, Converter, JSX, PageEvent, ReflectionKind } from "typedoc";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = resolve(process.argv[2] ?? join(root, "dist-site"));

/** Guides by what they are about; those that are not named here are with the rest. */
const GROUPS = {
  "Getting started": ["getting-started", "connecting", "configuration", "values", "testing", "migration", "playground"],
  Records: ["records", "bins", "typed-records", "packed", "behaviors", "errors-and-retries", "transactions"],
  "Queries and expressions": ["queries", "ael", "indexes", "functions"],
  "Background tasks": ["background-tasks", "campaigns", "safe-changes"],
  Operating: [
    "command-line",
    "administration",
    "operations",
    "security",
    "observability",
    "performance",
    "edge-workers",
  ],
  "The project": ["architecture", "decisions"],
};
const REST = "More";

/** What programs import, by where it is made. */
const MODULES = {
  src: "aerowire",
  "src/ael": "aerowire/ael",
  "src/workers": "aerowire/workers",
  "src/packed": "aerowire/packed",
  "src/config": "aerowire/config",
  "src/opentelemetry": "aerowire/opentelemetry",
  emulator: "aerowire/emulator",
};

const app = await Application.bootstrapWithPlugins({
  name: "Aerowire",
  basePath: root,
  entryPoints: Object.keys(MODULES).map((folder) => join(root, folder, "index.ts")),
  tsconfig: join(root, "site", "tsconfig.json"),
  readme: join(root, "README.md"),
  projectDocuments: [join(root, "docs/*.md")],
  customCss: join(root, "site", "style.css"),
  favicon: join(root, "site", "icon.svg"),
  out,
  // Names of the machine that builds are nobody's business.
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  hideGenerator: true,
  includeVersion: true,
  // What the types say is checked by the project's own compiler.
  skipErrorChecking: true,
  searchInComments: true,
  searchInDocuments: true,
  navigation: { includeGroups: true },
  groupOrder: [...Object.keys(GROUPS), REST, "*"],
  highlightLanguages: ["typescript", "javascript", "json", "bash", "shell", "lua", "toml", "python", "java", "yaml"],
  ignoredHighlightLanguages: ["ael", "ael-8.2", "error", "text"],
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
});

/** Where a guide stands among those of its group. */
const places = new Map();

app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, guide) => {
  const name = basename(guide.name);
  const group = Object.keys(GROUPS).find((each) => GROUPS[each].includes(name));
  guide.frontmatter.group = group ?? REST;
  if (group !== undefined) places.set(guide, GROUPS[group].indexOf(name));
  const heading = headingOf(guide.content);
  if (heading === undefined) throw new Error(`${guide.name} does not begin with a heading`);
  guide.name = heading[1];
});

function headingOf([first]) {
  return /^\s*# (.*)\n/.exec(first.text) ?? undefined;
}

app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, declaration) => {
  if (declaration.kind === ReflectionKind.Module) declaration.name = MODULES[declaration.name] ?? declaration.name;
});
const playground = readFileSync(join(root, "site", "playground", "page.html"), "utf8");
app.renderer.hooks.on("content.end", ({ page, relativeURL }) =>
  page.model.name === "Playground"
    ? JSX.createElement(
        JSX.Fragment,
        null,
        JSX.createElement(JSX.Raw, { html: playground }),
        JSX.createElement("script", { src: relativeURL("assets/playground.js"), defer: true }),
      )
    : JSX.createElement(JSX.Fragment, null),
);

// As a file, a page may not take icons from another one; it has them itself as soon as its script ran.
app.renderer.on(PageEvent.END, (page) => {
  page.contents = page.contents.replaceAll(/<use href="[^"]*icons\.svg#/g, '<use href="#');
});

const project = await app.convert();
if (project === undefined) process.exit(1);
// By what is to be read first, not by the alphabet.
for (const { title, children } of project.groups ?? []) {
  if (title in GROUPS) children.sort((a, b) => places.get(a) - places.get(b));
}
// The first page has the name above what the README says.
project.readme[0].text = project.readme[0].text.slice(headingOf(project.readme)?.[0].length ?? 0);
app.validate(project);
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);

const none = { name: "no-sockets", setup };
/** Sockets, files and Lua are not for browsers; what the playground does needs none of them. */
function setup({ onResolve, onLoad }) {
  onResolve({ filter: /transport\/node\.js$/ }, () => ({ path: join(root, "src/transport/none.ts") }));
  onResolve({ filter: /^(node:|wasmoon$)/ }, ({ path }) => ({ path, namespace: "none" }));
  onLoad({ filter: /./, namespace: "none" }, () => ({ contents: "module.exports = {};" }));
}
await build({
  entryPoints: [join(root, "site", "playground", "main.ts")],
  outfile: join(out, "assets", "playground.js"),
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  tsconfig: join(root, "tsconfig.json"),
  plugins: [none],
  logLevel: "warning",
});

const broken = brokenLinks(out);
for (const link of broken) app.logger.error(`broken link: ${link}`);
if (broken.length > 0) process.exit(1);

/** Links to files that are not there, and to places that their pages don't have. */
function brokenLinks(folder) {
  const pages = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".html"))
    .map((file) => join(folder, file));
  const texts = new Map(pages.map((page) => [page, readFileSync(page, "utf8")]));
  const ids = new Map([...texts].map(([page, text]) => [page, new Set(matches(text, /\sid="([^"]+)"/g))]));
  return pages.flatMap((page) =>
    matches(texts.get(page), /<(?!use\b)[^>]*?\s(?:href|src)="([^"]+)"/g)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path, place = ""] = link.split("#");
        const target = path === "" ? page : resolve(dirname(page), decodeURIComponent(path));
        if (!existsSync(target)) return true;
        return place !== "" && target.endsWith(".html") && !ids.get(target)?.has(decodeURIComponent(place));
      })
      .map((link) => `${page}: ${link}`),
  );
}

function matches(text, pattern) {
  return Array.from(text.matchAll(pattern), ([, found]) => found);
}
