import type { Command } from "commander";
import { expect, test } from "vitest";
import { Cli } from "../../../cli/cli.js";
import { EXIT_CODE_WORDS } from "../../../cli/exit-code.js";
import { processIo } from "../../../cli/process-io.js";
import { createProgram } from "../../../cli/program.js";
import { plainText, runCli } from "../../support/run-cli.js";

const program = createProgram(new Cli(processIo()), async () => 0);

function paths(command: Command, before: readonly string[] = []): string[][] {
  return command.commands
    .filter((one) => !one.name().startsWith("_"))
    .flatMap((one) => [[...before, one.name()], ...paths(one, [...before, one.name()])]);
}

test.each([[[]], ...paths(program).map((path) => [path])])("help of %j fits a screen of 80 by 24", async (path) => {
  const { out, exitCode } = await runCli([...path, "--help"], { columns: 80 });
  const lines = plainText(out).trimEnd().split("\n");
  expect(exitCode).toBe(0);
  expect(lines.length, out).toBeLessThanOrEqual(23);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
});

test("help of a command has all options, --help the usual ones", async () => {
  expect((await runCli(["background", "update", "--help"])).out).not.toContain("--on-interrupt");
  expect((await runCli(["help", "background", "update"])).out).toContain("--on-interrupt");
  expect((await runCli(["help", "connection"])).out).toContain("--password-file");
});

test("wraps in a narrow terminal", async () => {
  const { out } = await runCli(["query", "--help"], { columns: 60 });
  const [options] = plainText(out).split("Examples:");
  for (const line of options!.split("\n")) expect(line.length, line).toBeLessThanOrEqual(60);
});

test("says what an option allows", async () => {
  expect((await runCli(["put", "--help"])).out).toContain("upsert, insert, update, replace");
  expect((await runCli(["index", "create", "--help"])).out).toContain("integer, string, blob, geo");
  expect((await runCli(["query", "--help"])).out).toContain("table, ");
});

test.each([
  [["query"], "missing required argument 'target'"],
  [["index", "create", "test.users", "--bni", "x"], "unknown option '--bni'\n(Did you mean --bin?)"],
])("what is wrong with %j is followed by the usage", async (argv, words) => {
  const { err, exitCode } = await runCli(argv);
  const path = argv.slice(0, argv[0] === "index" ? 2 : 1).join(" ");
  expect(exitCode).toBe(2);
  expect(plainText(err)).toContain(words);
  expect(plainText(err)).toContain(`Usage: aerowire ${path} [options] <target>`);
  expect(plainText(err)).toContain(`more: aerowire ${path} --help`);
});

test("exit codes are in the help", async () => {
  const { out } = await runCli(["help", "exit-codes"]);
  for (const [code, words] of EXIT_CODE_WORDS) expect(out).toContain(`${code}  ${words}`);
});

test.each([
  [[], 2, "Usage: aerowire"],
  [["background"], 2, "Usage: aerowire background"],
  [["backgruond"], 2, "Did you mean background?"],
  [["jobs", "wacth"], 2, "unknown command 'jobs wacth'"],
  [["help", "nope"], 2, "there is no command 'nope'"],
])("%j ends with %i", async (argv, exitCode, words) => {
  const outcome = await runCli(argv);
  expect(outcome).toMatchObject({ exitCode, out: "" });
  expect(outcome.err).toContain(words);
});

test("the version", async () => {
  expect((await runCli(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
