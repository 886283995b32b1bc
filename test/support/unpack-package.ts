import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { run } from "./run.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The packed package. */
    tarball: string;
    /** A project that has it installed, without optional packages. */
    plainProject: string;
    /** A project that has it installed, and what the documents use besides. */
    documentsProject: string;
    /** A project that has it installed, and the optional packages: Lua, msgpackr, OpenTelemetry and YAML. */
    luaProject: string;
  }
}

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** Packs the package as `npm publish` would, and installs it in projects that have nothing else. */
export default async function unpack(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "aerowire-package-"));
  try {
    await run("npm", ["pack", "--pack-destination", folder], { cwd: REPOSITORY });
    const [name] = await readdir(folder);
    const tarball = join(folder, name ?? "");
    project.provide("tarball", tarball);
    project.provide("plainProject", await install(tarball, join(folder, "plain"), ["@noble/hashes"]));
    project.provide(
      "documentsProject",
      await install(tarball, join(folder, "documents"), [
        "@noble/hashes",
        "zod",
        "msgpackr",
        "@opentelemetry/api",
        "yaml",
      ]),
    );
    project.provide(
      "luaProject",
      await install(tarball, join(folder, "lua"), [
        "@noble/hashes",
        "wasmoon",
        "msgpackr",
        "@opentelemetry/api",
        "yaml",
      ]),
    );
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  return () => rm(folder, { recursive: true });
}

/** As a package manager would, but without a registry: what the package needs is linked to what is here. */
async function install(tarball: string, folder: string, packages: readonly string[]): Promise<string> {
  const modules = join(folder, "node_modules");
  const own = join(modules, "aerowire");
  await mkdir(own, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  await run("tar", ["xzf", tarball, "--strip-components=1", "-C", own], { cwd: folder });
  for (const name of packages) await link(name, modules);
  return folder;
}

async function link(name: string, modules: string): Promise<void> {
  const path = join(modules, name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(REPOSITORY, "node_modules", name), path, "junction");
}
