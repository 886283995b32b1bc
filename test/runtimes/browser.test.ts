import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { serveGateway } from "../../examples/browser/gateway.js";
import { runtimePackage } from "./find-runtimes.js";

const TOKEN = "a-token-of-the-test";
/** As root, and on a machine that reaches no other. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What this needs of playwright-core. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate(script: string): Promise<unknown>;
}
interface Browser extends AsyncDisposable {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> };
}

let emulator: Emulator;
let server: Server;
let browser: Browser;
let page: Page;
let gateway: string;

beforeAll(async () => {
  emulator = await Emulator.start({ nodes: 2, udf: "none" });
  const script = await bundlePage(inject("plainProject"));
  server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  serveGateway(server, { token: TOKEN, addresses: emulator.hosts.split(","), origins: [`http://${address}`] });
  gateway = `ws://${address}`;
  const { chromium } = await runtimePackage<Playwright>("playwright-core");
  const executablePath = process.env["AEROWIRE_CHROMIUM"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: FLAGS });
  page = await browser.newPage();
  await page.goto(`http://${address}/`);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  await emulator?.close();
});

/** Bundles the page as a user would, with the package as it is installed in a project. */
async function bundlePage(project: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./browser/page.ts", import.meta.url))],
    alias: { aerowire: join(project, "node_modules/aerowire/dist/index.js") },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    external: ["wasmoon"],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** Calls a function of the page. */
const call = (name: string, ...args: readonly string[]): Promise<unknown> =>
  page.evaluate(`${name}(${args.map((argument) => JSON.stringify(argument)).join(", ")})`);

test("a page in Chromium runs a query and a background task through a WebSocket gateway", async () => {
  expect(await call("run", gateway, TOKEN, emulator.hosts)).toEqual({
    ages: [40, 41, 42, 43, 44, 45, 46, 47, 48, 49],
    state: "done",
    succeeded: 10,
    score: 7,
  });
});

test("the gateway lets in nobody without the token, and leads nowhere but to its addresses", async () => {
  const refused = expect.stringMatching(/^No cluster to connect to: .*the gateway refused, or can't reach the node$/);
  expect(await call("refusal", gateway, "another-token-here-", emulator.hosts.split(",")[0] ?? "")).toEqual(refused);
  expect(await call("refusal", gateway, TOKEN, "127.0.0.1:1")).toEqual(refused);
});

test("without a transport, connect says in one sentence what to use", async () => {
  expect(await call("withoutTransport")).toMatch(
    /^There are no TCP sockets in browsers.* such as one over a WebSocket gateway\.$/,
  );
});
