import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usage } from "../../../cli/failure.js";
import type { PageData, PageOrder } from "../../../cli/web/page-types.js";
import { WatchServer } from "../../../cli/web/watch-server.js";

const DATA: PageData = {
  cluster: "local",
  production: false,
  at: 1,
  campaigns: [],
  jobs: [],
  silentNodes: [],
  log: [],
  plot: { times: [], rates: [], latencies: {} },
};
const orders: PageOrder[] = [];
let server: WatchServer;
beforeAll(async () => {
  const watched = {
    latest: DATA,
    async carryOut(order: PageOrder) {
      if (order.campaign === "nope") throw usage('There is no campaign "nope"');
      orders.push(order);
    },
  };
  server = await WatchServer.start('<script nonce="__NONCE__"></script>', watched, 0);
});
afterAll(() => server.close());

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask({
  method = "GET",
  path = "",
  headers = {},
  body,
}: Asked = {}): Promise<{ status: number; text: string; policy: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, server.url), { method, headers }, (response) => {
      const { statusCode: status = 0, headers: got } = response;
      const policy = String(got["content-security-policy"] ?? "");
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        // A stream of events has no end.
        if (got["content-type"] === "text/event-stream") response.destroy();
      });
      response.on("close", () => resolve({ status, text, policy }));
    });
    sent.on("error", reject).end(body);
  });
}

const json = { origin: "", "content-type": "application/json" };
const order = (body: object, headers: Readonly<Record<string, string>> = {}) =>
  ask({
    method: "POST",
    path: "orders",
    headers: { ...json, origin: new URL(server.url).origin, ...headers },
    body: JSON.stringify(body),
  });

test("the page is on the loopback interface, behind a token, and may load nothing from elsewhere", async () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  const { status, text, policy } = await ask();
  expect(status).toBe(200);
  expect(policy).toContain("default-src 'none'");
  const nonce = /nonce="([^"]+)"/.exec(text)?.[1] ?? "";
  expect(policy).toContain(`script-src 'nonce-${nonce}'`);
  expect((await ask()).text).not.toBe(text);
});

test("without the token, and under another name, there is nothing", async () => {
  expect((await ask({ path: "/" })).status).toBe(404);
  expect((await ask({ path: "/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/" })).status).toBe(404);
  expect((await ask({ headers: { host: "evil.example:80" } })).status).toBe(403);
  expect((await ask({ path: "other" })).status).toBe(404);
});

test("whoever comes gets what was seen last", async () => {
  expect((await ask({ path: "events" })).text).toBe(`data: ${JSON.stringify(DATA)}\n\n`);
});

test("orders come from the page's own origin, as JSON, and are ones that exist", async () => {
  expect((await order({ do: "pause", campaign: "c" })).status).toBe(204);
  expect(orders).toEqual([{ do: "pause", campaign: "c" }]);
  expect((await order({ do: "pause", campaign: "c" }, { origin: "http://evil.example" })).status).toBe(403);
  expect((await order({ do: "pause", campaign: "c" }, { "content-type": "text/plain" })).status).toBe(403);
  expect((await order({ do: "explode", campaign: "c" })).status).toBe(400);
  expect((await order({ do: "pause", campaign: 1 })).status).toBe(400);
  expect(await order({ do: "pause", campaign: "nope" })).toMatchObject({
    status: 409,
    text: 'There is no campaign "nope"',
  });
  expect(orders).toHaveLength(1);
});
