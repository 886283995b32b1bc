import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { failureOf } from "../failure.js";
import type { PageData, PageOrder } from "./page-types.js";

const HOST = "127.0.0.1";
const MOST_BODY = 4_096;

/** What the server shows, and to whom it hands orders. */
export interface Watched {
  readonly latest: PageData | undefined;
  carryOut(order: PageOrder): Promise<void>;
}

/**
 * Serves the page on the loopback interface alone, under a path with a random token that nobody can guess. Other pages in
 * the same browser can't use it: they don't know the token, a name that was made to point here is refused by its Host, and
 * orders are taken from the page's own origin only.
 */
export class WatchServer {
  readonly #server: Server;
  readonly #html: string;
  readonly #watched: Watched;
  readonly #token = randomBytes(24).toString("base64url");
  readonly #streams = new Set<ServerResponse>();
  #origin = "";

  private constructor(html: string, watched: Watched) {
    this.#html = html;
    this.#watched = watched;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => this.#refuse(response, 500, failureOf(error).text));
    });
  }

  /** @param port 0 for any that is free */
  static async start(html: string, watched: Watched, port: number): Promise<WatchServer> {
    const server = new WatchServer(html, watched);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(port, HOST, resolve);
    });
    server.#origin = `http://${HOST}:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  get url(): string {
    return `${this.#origin}/${this.#token}/`;
  }

  /** Sends what was seen to every page that is open. */
  publish(data: PageData): void {
    const message = eventOf(data);
    for (const stream of this.#streams) stream.write(message);
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.end();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Names that an attacker lets point to 127.0.0.1 are other origins to a browser, and come with their own Host.
    if (`http://${request.headers.host}` !== this.#origin) return this.#refuse(response, 403, "wrong host");
    const [, token = "", path = ""] = /^\/([^/]*)\/(.*)$/.exec(request.url ?? "") ?? [];
    if (!same(token, this.#token)) return this.#refuse(response, 404, "not found");
    switch (`${request.method} ${path}`) {
      case "GET ":
        return this.#page(response);
      case "GET events":
        return this.#stream(response);
      case "POST orders":
        return await this.#order(request, response);
      default:
        return this.#refuse(response, 404, "not found");
    }
  }

  #page(response: ServerResponse): void {
    const nonce = randomBytes(16).toString("base64");
    const policy = [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; ");
    response.writeHead(200, {
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
    });
    response.end(this.#html.replaceAll("__NONCE__", nonce));
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
    const { latest } = this.#watched;
    response.write(latest === undefined ? ": nothing yet\n\n" : eventOf(latest));
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
  }

  async #order(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, "content-type": type } = request.headers;
    if (origin !== this.#origin || type !== "application/json") return this.#refuse(response, 403, "wrong origin");
    const order = parseOrder(await bodyOf(request));
    if (order === undefined) return this.#refuse(response, 400, "no such order");
    try {
      await this.#watched.carryOut(order);
    } catch (error) {
      return this.#refuse(response, 409, failureOf(error).text);
    }
    response.writeHead(204, HEADERS);
    response.end();
  }

  #refuse(response: ServerResponse, status: number, text: string): void {
    if (response.headersSent) return void response.end();
    response.writeHead(status, { ...HEADERS, "content-type": "text/plain; charset=utf-8" });
    response.end(text);
  }
}

const HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function eventOf(data: PageData): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) {
    body += chunk;
    if (body.length > MOST_BODY) break;
  }
  return body;
}

const ORDERS: readonly unknown[] = ["pause", "resume", "slower", "abort"] satisfies readonly PageOrder["do"][];

function parseOrder(body: string): PageOrder | undefined {
  try {
    const order: unknown = JSON.parse(body);
    if (typeof order !== "object" || order === null || !("do" in order) || !ORDERS.includes(order.do)) return undefined;
    const isRight = Object.values(order).every((value) => typeof value === "string");
    return isRight ? (order as PageOrder) : undefined;
  } catch {
    return undefined;
  }
}
