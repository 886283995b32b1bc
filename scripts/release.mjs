// Releases: `prepare VERSION` writes the version and dates the changelog, `check` says what stands in the way, `tag` tags what
// is checked, and `publish` packs and publishes it, from GitHub Actions alone. `pack` leaves the tarball for a look.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSION = /^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/;
const UNRELEASED = "## Unreleased";
const USAGE = "usage: node scripts/release.mjs prepare VERSION | check | tag | pack | publish";

const [step, argument] = process.argv.slice(2);
const steps = { prepare: () => prepare(argument), check, tag, pack, publish };
if (!Object.hasOwn(steps, step ?? "")) fail(USAGE);
steps[step]();

function prepare(version) {
  if (!VERSION.test(version ?? "")) fail(`expected a version such as 1.2.0 or 1.2.0-rc.1, got ${version}`);
  cleanTree();
  if (tags().includes(`v${version}`)) fail(`v${version} is there already`);
  const changelog = readFileSync("CHANGELOG.md", "utf8");
  if (sectionOf(changelog, "Unreleased") === "") fail(`CHANGELOG.md has nothing under "${UNRELEASED}"`);
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync("CHANGELOG.md", changelog.replace(UNRELEASED, `${UNRELEASED}\n\n## ${version} (${today})`));
  run("npm", "version", version, "--no-git-tag-version", "--allow-same-version");
  say(`${version}: look at the changes, commit and merge them; then: node scripts/release.mjs tag`);
}

/** What is about to be released has to be what is committed, on main, and described. */
function check() {
  cleanTree();
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  if (!VERSION.test(version)) fail(`package.json has no version that can be released: ${version}`);
  const locked = JSON.parse(readFileSync("package-lock.json", "utf8")).version;
  if (locked !== version) fail(`package-lock.json has version ${locked}, package.json ${version}`);
  const changelog = readFileSync("CHANGELOG.md", "utf8");
  if (sectionOf(changelog, version) === "") fail(`CHANGELOG.md says nothing of ${version}`);
  if (sectionOf(changelog, "Unreleased") !== "") fail(`CHANGELOG.md has changes under "${UNRELEASED}"`);
  run("git", "fetch", "--quiet", "origin", "main");
  if (!succeeds("git", "merge-base", "--is-ancestor", "HEAD", "FETCH_HEAD")) fail("what is checked out is not on main");
  const { GITHUB_REF_NAME: ref, GITHUB_REF_TYPE: type } = process.env;
  if (type === "tag" && ref !== `v${version}`) fail(`the tag is ${ref}, the version ${version}`);
  say(`${version} can be released`);
  return version;
}

function tag() {
  const version = check();
  if (tags().includes(`v${version}`)) fail(`v${version} is there already`);
  run("git", "tag", "--annotate", `v${version}`, "--message", `v${version}`);
  run("git", "push", "origin", `v${version}`);
}

function pack() {
  run("npm", "pack");
}

function publish() {
  if (process.env.GITHUB_ACTIONS !== "true")
    fail("only the workflow release.yml publishes: elsewhere there is no provenance");
  const version = check();
  const folder = mkdtempSync(join(tmpdir(), "aerowire-release-"));
  try {
    const [{ filename }] = JSON.parse(read("npm", "pack", "--json", "--pack-destination", folder));
    // A version before the next one is nobody's default.
    const channel = version.includes("-") ? "next" : "latest";
    run("npm", "publish", join(folder, filename), "--provenance", "--access", "public", "--tag", channel);
  } finally {
    rmSync(folder, { recursive: true });
  }
  say(`${version} is published`);
}

function cleanTree() {
  const changes = read("git", "status", "--porcelain");
  if (changes !== "") fail(`there are changes that are not committed:\n${changes}`);
}

function tags() {
  return read("git", "tag", "--list").split("\n");
}

/** The text of a version's part of the changelog; empty when there is none. */
function sectionOf(changelog, name) {
  const parts = changelog.split(/^## /m).slice(1);
  const part = parts.find((one) => one.startsWith(`${name}\n`) || one.startsWith(`${name} (`));
  return part?.slice(part.indexOf("\n")).trim() ?? "";
}

function run(command, ...args) {
  try {
    execFileSync(command, args, { stdio: "inherit" });
  } catch {
    fail(`${command} ${args.join(" ")} failed`);
  }
}

function read(command, ...args) {
  return execFileSync(command, args, { encoding: "utf8" }).trim();
}

function succeeds(command, ...args) {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function fail(text) {
  process.stderr.write(`release: ${text}\n`);
  process.exit(1);
}
