import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runToEnd } from "../support/run.js";

const CHROMIUM = process.env["AEROWIRE_CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const cli = join(inject("plainProject"), "node_modules", "aerowire", "dist", "cli.js");
const withBrowser = existsSync(CHROMIUM) ? test : test.skip;
/** Where screenshots go, for people to look at. */
const shots = process.env["AEROWIRE_SCREENSHOTS"];

const processes: ChildProcess[] = [];
let hosts: string;
let url: string;
let browser: Browser | undefined;

/** Starts a command that goes on, and answers the first line that it prints. */
function start(...argv: string[]): Promise<string> {
  const child = spawn(process.execPath, [cli, ...argv], { stdio: ["ignore", "pipe", "inherit"] });
  processes.push(child);
  return new Promise((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk).trim())));
}
const aerowire = (...argv: string[]) => runToEnd(process.execPath, [cli, "--host", hosts, ...argv]);

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) return;
  hosts = await start("emulator", "--port", "0", "--nodes", "3");
  const script = `for (let i = 0; i < 3000; i++) console.log(JSON.stringify({ key: i, bins: { age: i } }))`;
  const load = `"${process.execPath}" -e '${script}' | "${process.execPath}" "${cli}" -H "${hosts}" import test.users --yes`;
  await runToEnd("bash", ["-c", load]);
  url = await start("--host", hosts, "jobs", "watch", "--web");
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
afterAll(async () => {
  await browser?.close();
  for (const child of processes) child.kill("SIGINT");
});

async function open(options: {
  readonly colorScheme: "light" | "dark";
  readonly width: number;
  readonly height: number;
}): Promise<Page> {
  if (browser === undefined) throw new Error("no browser");
  const { colorScheme, width, height } = options;
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return page;
}
const errors: string[] = [];
const requests: string[] = [];

withBrowser(
  `live bars, plots and log in a browser${existsSync(CHROMIUM) ? "" : ` (there is no ${CHROMIUM})`}`,
  async () => {
    const page = await open({ colorScheme: "light", width: 1280, height: 800 });
    await page.getByText(/^as of /).waitFor();
    // Slow enough to be seen while it runs.
    const task = spawn(
      process.execPath,
      [
        cli,
        "-H",
        hosts,
        "background",
        "update",
        "test.users",
        "--add",
        "age=1",
        "--rps",
        "100",
        "--yes",
        "--on-interrupt",
        "abort",
      ],
      { stdio: "ignore" },
    );
    const bar = page.getByRole("progressbar", { name: "all nodes" });
    await bar.waitFor();
    expect(await page.getByRole("progressbar").count()).toBe(4);
    expect(await page.locator("#rate canvas").count()).toBe(1);
    expect(await page.locator("#latency .u-legend .u-series").count()).toBe(4);
    if (shots !== undefined) await page.screenshot({ path: join(shots, "light.png"), fullPage: true });

    // With the keyboard alone: the button, a no, and a yes.
    const abort = page.getByRole("button", { name: /^Abort/ });
    await abort.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("ask-no");
    await page.keyboard.press("Escape");
    expect(await bar.count()).toBe(1);
    await abort.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const exitCode = await new Promise((resolve) => task.once("exit", resolve));
    expect(exitCode).toBe(6);
    await page
      .locator("#log")
      .getByText(/ended: /)
      .waitFor();
    await page.close();
  },
);

withBrowser("a campaign is paused, resumed and slowed down from a phone, in the dark", async () => {
  const page = await open({ colorScheme: "dark", width: 390, height: 844 });
  await page.getByText(/^as of /).waitFor();
  const others = await tasksInLog(page);
  const argv = [
    "background",
    "update",
    "test.users",
    "--add",
    "age=1",
    "--rps",
    "150",
    "--campaign",
    "phone",
    "--once",
    "--slice-seconds",
    "1",
    "--yes",
  ];
  const run = spawn(process.execPath, [cli, "-H", hosts, ...argv], { stdio: "ignore" });
  await page.getByRole("button", { name: "Pause phone" }).click();
  expect(await new Promise((resolve) => run.once("exit", resolve))).toBe(6);
  await page.getByRole("button", { name: "Half the rate phone" }).click();
  await page.getByRole("button", { name: "Resume phone" }).click();
  await page.getByRole("button", { name: "Yes" }).click();
  await page.getByRole("button", { name: "Pause phone" }).waitFor();
  if (shots !== undefined) await page.screenshot({ path: join(shots, "dark-phone.png"), fullPage: true });
  expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
  for (const button of await page.getByRole("button").all()) {
    expect((await button.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  }
  await page.getByRole("button", { name: "Abort phone" }).click();
  await page.getByRole("button", { name: "Yes" }).click();
  await page.locator("#campaigns").getByText("aborted").waitFor();
  expect((await aerowire("campaigns", "show", "phone")).stdout).toContain("aborted");
  // Its slices are no tasks of their own to whoever watches.
  expect(await tasksInLog(page)).toEqual(others);
  await page.close();
});

/** Lines about the start or the end of a task. */
async function tasksInLog(page: Page): Promise<string[]> {
  const lines = await page.locator("#log li").allTextContents();
  return lines.filter((line) => /\d{10,}: (started|ended)/.test(line));
}

withBrowser("the page loads nothing from elsewhere, and nothing went wrong in it", () => {
  expect(errors).toEqual([]);
  for (const request of requests) expect(request.startsWith(url) || request.startsWith("data:"), request).toBe(true);
});
