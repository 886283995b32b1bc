import { createContext, runInContext } from "node:vm";
import { build, type Plugin } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";

/** What browsers and edge workers have besides the language. */
const webGlobals = {
  AbortController,
  AbortSignal,
  DOMException,
  TextDecoder,
  TextEncoder,
  clearTimeout,
  crypto,
  performance,
  queueMicrotask,
  setTimeout,
};

const withoutSockets: Plugin = {
  name: "without-sockets",
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]transport[\\/]node\.ts$/ }, () => ({
      contents: 'export { nodeTransport } from "./none.js";',
      loader: "ts",
    }));
    onLoad({ filter: /emulator[\\/]listener[\\/]tcp\.ts$/ }, () => ({ contents: "export class TcpNetwork {}" }));
  },
};

/** A client and an emulator that meet in memory. */
const PROGRAM = `
import { Emulator } from "./emulator/index.js";
import * as aerowire from "./src/index.js";

async function main() {
  const emulator = await Emulator.start({ nodes: 3, listen: "memory", udf: "none" });
  const client = await aerowire.connect(emulator.hosts, { transport: emulator.transport });
  const session = client.createSession();
  const users = aerowire.DataSet.of("test", "users");
  for (let id = 0; id < 100; id++) await session.put(users.id(id), { age: id, bytes: Uint8Array.of(id), tags: ["é"] });
  const { bins } = await session.get(users.id(40));
  const builder = session.backgroundTask().update(users).where("$.age >= ?0", 30).bin("score").setTo(1);
  const count = await builder.count();
  const { state, succeeded } = await (await builder.execute()).waitTillComplete();
  const { bins: { score } } = await session.get(users.id(40));
  const missing = await session.get(users.id("none")).catch((error) => error.code);
  const noSockets = await aerowire.connect("localhost").catch((error) => error.message);
  await client.close();
  await emulator.close();
  return JSON.stringify({ bins: { ...bins, bytes: [...bins.bytes] }, count, state, succeeded, score, missing, noSockets });
}

export { aerowire, main };
`;

describe("without built-ins of Node.js", () => {
  let script = "";
  let external: string[] = [];

  beforeAll(async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: PROGRAM, resolveDir: process.cwd() },
      bundle: true,
      write: false,
      metafile: true,
      platform: "neutral",
      mainFields: ["module", "main"],
      format: "iife",
      globalName: "program",
      external: ["wasmoon"],
      plugins: [withoutSockets],
    });
    script = outputFiles[0]?.text ?? "";
    external = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  });

  test("nothing but the optional Lua machine is imported", () => {
    expect(external).toEqual(["wasmoon"]);
  });

  test("client and emulator work on web globals alone", async () => {
    const context = createContext({ ...webGlobals });
    expect(runInContext("typeof process + typeof require + typeof Buffer", context)).toBe("undefined".repeat(3));
    runInContext(script, context);
    expect(JSON.parse(await runInContext("program.main()", context))).toEqual({
      bins: { age: 40, bytes: [40], tags: ["é"] },
      count: 70,
      state: "done",
      succeeded: 70,
      score: 1,
      missing: "RECORD_NOT_FOUND",
      noSockets: expect.stringContaining("There are no TCP sockets"),
    });
  });

  test("the module itself touches no global but those of the language", () => {
    const context = createContext({ TextDecoder, TextEncoder });
    runInContext(script, context);
    expect(runInContext("program.aerowire.DataSet.of('test', 'users').toString()", context)).toBe("test:users");
  });
});
