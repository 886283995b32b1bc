import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { run } from "../support/run.js";

// The site is built and opened as files, as somebody does who has no server for it.

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
/** Where screenshots go, for people to look at. */
const shots = process.env["AEROWIRE_SCREENSHOTS"];

let folder: string;
let browser: Browser;
let page: Page;
let errors: string[];
let outside: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aerowire-site-"));
  await run(process.execPath, ["site/build.mjs", folder]);
  const executablePath = process.env["AEROWIRE_CHROMIUM"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: FLAGS });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  errors = [];
  outside = [];
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) outside.push(request.url());
  });
});
afterEach(async () => {
  await page.close();
  expect(errors).toEqual([]);
  expect(outside).toEqual([]);
});

const open = (path: string) => page.goto(`${pathToFileURL(folder)}/${path}`);

async function shoot(name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

test("guides and reference are led to, and fit a desktop and a phone in both colours", async () => {
  for (const [name, colorScheme, width, height] of [
    ["desktop", "light", 1280, 900],
    ["phone", "dark", 390, 844],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    for (const path of ["index", "documents/Background_tasks", "interfaces/aerowire.Session"]) {
      await open(`${path}.html`);
      await page.locator("#tsd-nav-container a").first().waitFor({ state: "attached" });
      expect(await page.locator("h1").first().textContent()).toMatch(/Aerowire|Background tasks|Session/);
      expect(await page.evaluate("document.documentElement.scrollWidth"), `${path}, ${name}`).toBe(width);
      await shoot(`${name}-${path.replaceAll("/", "-")}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await open("index.html");
  await page.getByText("Getting started", { exact: true }).first().click();
  await page.locator("#tsd-nav-container").getByText("Playground").click();
  await page.getByRole("heading", { name: "Playground" }).waitFor();
});

test("the search finds guides and what programs call", async () => {
  for (const [words, found] of [
    ["formatAel", /formatAel/],
    ["recordsPerSecond", /recordsPerSecond/],
    ["safely", /Change ten million records safely/],
  ] as const) {
    await open("documents/Background_tasks.html");
    await page.keyboard.press("/");
    await page.locator("#tsd-search-input").fill(words);
    await page.locator("#tsd-search-results li").filter({ hasText: found }).first().waitFor();
  }
});

test("the playground shows what a text is, as it is typed", async () => {
  await open("documents/Playground.html");
  const verdicts = page.locator("#verdicts tr");
  await page.getByText("1 of 4 records are kept").waitFor();
  const expression = page.getByLabel("Expression", { exact: true });
  await page.getByLabel("Parameters").fill("[]");
  await expression.fill("");
  await expression.pressSequentially("$.age>28 and $.active == true");
  await page.locator("#formatted", { hasText: "$.age > 28 and $.active == true" }).waitFor();
  await page
    .getByLabel("Records")
    .fill('[{ "age": 29, "active": true }, { "age": 29.0, "active": true }, { "age": 3 }]');
  await page.getByText("1 of 3 records are kept").waitFor();
  expect(await verdicts.allTextContents()).toEqual([
    '1truekept{"age":29,"active":true}',
    '2unknownleft out{"age":29.0,"active":true}',
    '3falseleft out{"age":3}',
  ]);
  expect(await page.locator("#types").textContent()).toContain("givesBOOLreadsage: INT, active: BOOL");
  expect(await page.locator("#tree").textContent()).toContain("├─ BOOL");
  expect(await page.locator("#index").textContent()).toContain("users_age: ");
  expect(await page.locator("#bytes").textContent()).toMatch(/hex93 10 93 03 .*base64kxCTA/);

  // A mistake is shown where it is, and what was right before stays in sight.
  await expression.fill("$.age > 28 && $.active");
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toMatch(/\n {2}\$\.age > 28 && \$\.active\n {13}\^\^/);
  await expression.fill("$.name.upper() == 'ADA'");
  await page.getByRole("alert").filter({ hasText: "server 8.2" }).waitFor();
  await page.getByLabel("Emulated server").selectOption("8.2.0");
  await page.getByLabel("Records").fill('[{ "name": "Ada" }]');
  await page.getByText("1 of 1 records are kept").waitFor();
  expect(await page.getByRole("alert").isVisible()).toBe(false);
});

test("every example of the playground does what its name says", async () => {
  await open("documents/Playground.html");
  const examples = [
    ["A condition with a parameter", "1 of 4 records are kept"],
    ["A number of any kind", "3 of 5 records are kept"],
    ["Inside a list", "2 of 4 records are kept"],
    ["A value that is worked out", "a value of type INT"],
    ["Old spellings, formatted", "1 of 4 records are kept"],
    ["A mistake", "is no operator"],
  ] as const;
  const example = page.getByLabel("Example");
  expect(await example.locator("option").allTextContents()).toEqual(examples.map(([name]) => name));
  for (const [name, says] of examples) {
    await example.selectOption(name);
    const answer = name === "A mistake" ? "#error:not([hidden])" : "#answers:not(.stale) #summary";
    await page.locator(answer).filter({ hasText: says }).waitFor();
  }
});

test("the playground is used by keyboard, and on a phone", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await open("documents/Playground.html");
  await page.getByText("1 of 4 records are kept").waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  await shoot("phone-playground");
  await page.getByLabel("Example").focus();
  for (const next of ["text", "params", "records", "indexes", "version"]) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.id")).toBe(next);
  }
  await page.getByLabel("Parameters").fill("[]");
  await page.getByLabel("Expression", { exact: true }).fill("($.age>28)");
  await page.locator("#formatted", { hasText: "$.age > 28" }).waitFor();
  await page.getByRole("button", { name: "Put it into the field" }).focus();
  await page.keyboard.press("Enter");
  expect(await page.getByLabel("Expression", { exact: true }).inputValue()).toBe("$.age > 28");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await shoot("desktop-playground");
});
