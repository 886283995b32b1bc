import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Ended, run, runToEnd } from "../support/run.js";

// scripts/release.mjs in a repository of its own, with a remote beside it. npm is the real one, but what it would publish
// is only written down.

const SCRIPT = fileURLToPath(new URL("../../scripts/release.mjs", import.meta.url));
const CHANGELOG = "# Changelog\n\n## Unreleased\n\n- Something new.\n";

const NPM = `#!/usr/bin/env node
const { appendFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const args = process.argv.slice(2);
appendFileSync(process.env.NPM_CALLS, JSON.stringify(args) + "\\n");
if (args[0] === "publish") process.exit(0);
const path = process.env.PATH.split(${JSON.stringify(delimiter)}).slice(1).join(${JSON.stringify(delimiter)});
process.exit(spawnSync("npm", args, { stdio: "inherit", env: { ...process.env, PATH: path } }).status ?? 1);
`;

let folder: string;
let repository: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aerowire-release-"));
  repository = join(folder, "repository");
  await mkdir(join(repository, "scripts"), { recursive: true });
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "npm"), NPM);
  await chmod(join(folder, "bin", "npm"), 0o755);
  await copyFile(SCRIPT, join(repository, "scripts", "release.mjs"));
  const described = { name: "released", version: "0.1.0" };
  await writeFile(join(repository, "package.json"), JSON.stringify(described));
  const lock = { ...described, lockfileVersion: 3, packages: { "": described } };
  await writeFile(join(repository, "package-lock.json"), JSON.stringify(lock));
  await writeFile(join(repository, "CHANGELOG.md"), CHANGELOG);
  await git("init", "--quiet", "--initial-branch", "main");
  await git("init", "--quiet", "--bare", join(folder, "remote.git"));
  await git("remote", "add", "origin", join(folder, "remote.git"));
  await commit("The beginning");
  await git("push", "--quiet", "origin", "main");
});

afterEach(() => rm(folder, { recursive: true }));

/** Of nobody's settings, and signed by nobody. */
const GIT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.org",
};
const git = (...args: readonly string[]): Promise<string> => run("git", args, { cwd: repository, env: GIT });

async function commit(message: string): Promise<void> {
  await git("add", "--all");
  await git("commit", "--quiet", "--message", message);
}

function release(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const PATH = [join(folder, "bin"), process.env["PATH"]].join(delimiter);
  const ci = { GITHUB_ACTIONS: "", GITHUB_REF_NAME: "", GITHUB_REF_TYPE: "" };
  return runToEnd(process.execPath, ["scripts/release.mjs", ...args], {
    cwd: repository,
    env: { ...GIT, ...ci, PATH, NPM_CALLS: join(folder, "npm-calls"), ...env },
  });
}

async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exitCode, stderr } = await release(args, env);
  expect(exitCode, stderr).toBe(1);
  return stderr;
}

async function released(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await release(args, env);
  expect({ exitCode, stderr }, stdout).toMatchObject({ exitCode: 0 });
  return stdout;
}

/** What npm was told to publish. */
async function published(): Promise<string[][]> {
  const calls = (await readFile(join(folder, "npm-calls"), "utf8")).trim().split("\n");
  return calls.map((line) => JSON.parse(line) as string[]).filter(([command]) => command === "publish");
}

/** A version that is prepared, merged and tagged. */
async function tagged(version: string): Promise<void> {
  await released(["prepare", version]);
  await commit(version);
  await git("push", "--quiet", "origin", "main");
  await released(["tag"]);
}

const onTag = (version: string) => ({
  GITHUB_ACTIONS: "true",
  GITHUB_REF_TYPE: "tag",
  GITHUB_REF_NAME: `v${version}`,
});

describe("prepare", () => {
  test("writes the version and dates what is in the changelog", async () => {
    await released(["prepare", "0.2.0"]);
    expect(await readFile(join(repository, "CHANGELOG.md"), "utf8")).toMatch(
      /^# Changelog\n\n## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n- Something new\.\n$/,
    );
    for (const file of ["package.json", "package-lock.json"]) {
      expect(JSON.parse(await readFile(join(repository, file), "utf8"))).toMatchObject({ version: "0.2.0" });
    }
    expect(await git("tag", "--list")).toBe("");
  });

  test("refuses versions that are none, changes that are not committed, and a changelog that says nothing", async () => {
    expect(await refused(["prepare", "next"])).toBe(
      "release: expected a version such as 1.2.0 or 1.2.0-rc.1, got next\n",
    );
    await writeFile(join(repository, "new.txt"), "");
    expect(await refused(["prepare", "0.2.0"])).toContain("not committed:\n?? new.txt");
    await writeFile(join(repository, "CHANGELOG.md"), "# Changelog\n\n## Unreleased\n");
    await commit("Nothing to say");
    expect(await refused(["prepare", "0.2.0"])).toContain('CHANGELOG.md has nothing under "## Unreleased"');
  });

  test("refuses a version that was released", async () => {
    await tagged("0.2.0");
    expect(await refused(["prepare", "0.2.0"])).toContain("v0.2.0 is there already");
  });
});

describe("check and tag", () => {
  test("want the version in the changelog, and nothing beside it", async () => {
    expect(await refused(["check"])).toContain("CHANGELOG.md says nothing of 0.1.0");
    await writeFile(join(repository, "CHANGELOG.md"), `${CHANGELOG}\n## 0.1.0 (2026-01-01)\n\n- The first.\n`);
    await commit("The first");
    expect(await refused(["check"])).toContain('CHANGELOG.md has changes under "## Unreleased"');
  });

  test("want the same version in the lock file", async () => {
    await released(["prepare", "0.2.0"]);
    await writeFile(join(repository, "package.json"), JSON.stringify({ name: "released", version: "0.3.0" }));
    await commit("0.3.0");
    expect(await refused(["check"])).toContain("package-lock.json has version 0.2.0, package.json 0.3.0");
  });

  test("refuse what is not on main", async () => {
    await git("switch", "--quiet", "--create", "topic");
    await released(["prepare", "0.2.0"]);
    await commit("0.2.0");
    await git("push", "--quiet", "origin", "topic");
    for (const step of ["check", "tag"]) {
      expect(await refused([step])).toContain("what is checked out is not on main");
    }
    expect(await git("ls-remote", "--tags", "origin")).toBe("");
  });

  test("push the tag, once", async () => {
    await tagged("0.2.0");
    expect(await git("ls-remote", "--tags", "origin")).toContain("refs/tags/v0.2.0");
    expect(await refused(["tag"])).toContain("v0.2.0 is there already");
    expect(await refused(["check"], onTag("0.3.0"))).toContain("the tag is v0.3.0, the version 0.2.0");
  });
});

describe("publish", () => {
  test.each([
    ["0.2.0", "latest"],
    ["0.2.0-rc.1", "next"],
  ])("%s with provenance, for all, as %s", async (version, channel) => {
    await tagged(version);
    expect(await released(["publish"], onTag(version))).toContain(`${version} is published`);
    expect(await published()).toEqual([
      [
        "publish",
        expect.stringContaining(`released-${version}.tgz`),
        "--provenance",
        "--access",
        "public",
        "--tag",
        channel,
      ],
    ]);
    expect(await git("status", "--porcelain")).toBe("");
  });

  test("refuses anywhere but in the workflow, and what check refuses", async () => {
    await tagged("0.2.0");
    expect(await refused(["publish"])).toContain("only the workflow release.yml publishes");
    await writeFile(join(repository, "new.txt"), "");
    expect(await refused(["publish"], onTag("0.2.0"))).toContain("there are changes that are not committed");
    expect(await published()).toEqual([]);
  });
});

test("anything else says what there is", async () => {
  for (const args of [[], ["toString"], ["unpublish"]]) {
    expect(await refused(args)).toBe(
      "release: usage: node scripts/release.mjs prepare VERSION | check | tag | pack | publish\n",
    );
  }
});
