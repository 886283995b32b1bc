// Writes what JSR publishes into dist/jsr, or the folder that is named: the sources, with imports that name files as they
// are (`./key.ts`, where Node.js and the compiler want `./key.js`), and the jsr.json that says where packages come from.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OUT = process.argv[2] ?? "dist/jsr";
/** What the entries lead to. */
const ROOMS = ["protocol", "ael", "runtime", "lua", "src", "emulator"];
const ENTRIES = {
  ".": "./src/index.ts",
  "./ael": "./src/ael/index.ts",
  "./workers": "./src/workers/index.ts",
  "./packed": "./src/packed/index.ts",
  "./config": "./src/config/index.ts",
  "./opentelemetry": "./src/opentelemetry/index.ts",
  "./emulator": "./emulator/index.ts",
};

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
for (const room of ROOMS) {
  cpSync(room, join(OUT, room), { recursive: true });
  for (const entry of readdirSync(join(OUT, room), { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith(".ts")) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    // JSR refuses packages that add to what is global. Wherever it is used there are these types.
    const text = readFileSync(path, "utf8").replace(/^declare global \{\n.*?^\}\n/ms, "");
    writeFileSync(path, text.replace(/(\b(?:from|import)\s*\(?\s*"\.{1,2}\/[^"]+)\.js"/g, '$1.ts"'));
  }
}
for (const file of ["README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"]) cpSync(file, join(OUT, file));

const { version, license, dependencies, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const packages = Object.entries({ ...dependencies, ...peerDependencies }).flatMap(([name, range]) => [
  [name, `npm:${name}@${range}`],
  [`${name}/`, `npm:/${name}@${range}/`],
]);
const config = {
  name: "@aerowire/aerowire",
  version,
  license,
  exports: ENTRIES,
  imports: Object.fromEntries(packages),
  publish: { include: [...ROOMS.map((room) => `${room}/**/*.ts`), "*.md", "LICENSE"] },
};
writeFileSync(join(OUT, "jsr.json"), `${JSON.stringify(config, undefined, 2)}\n`);
