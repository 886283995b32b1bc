import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeBase64 } from "../../../../protocol/bytes/base64.js";
import { encodeUtf8 } from "../../../../protocol/bytes/utf8.js";
import { AbortError, ConnectionError, TimeoutError, UdfCompileError, UdfError } from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

const SOURCE = "function one(rec) return 1 end";
const CONTENT = encodeBase64(encodeUtf8(SOURCE));
const PUT = `udf-put:filename=one.lua;content=${CONTENT};content-len=${CONTENT.length};udf-type=LUA;`;
const listing = (...hashes: string[]): string =>
  hashes.map((hash, i) => `filename=${i === 0 ? "one" : `m${i}`}.lua,hash=${hash},type=LUA;`).join("");

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 3 });
});

afterEach(() => fake.until(fake.client.close()));

/** The same answer from every node. */
function everywhere(command: string, value: string): void {
  for (const node of fake.world.fake.nodes) node.answers.set(command, value);
}

function asked(command: string): number {
  return fake.world.fake.nodes.flatMap((node) => node.asked).filter(([first]) => first === command).length;
}

describe("registering", () => {
  test("asks one node, and waits for all of them to have the same module", async () => {
    everywhere(PUT, "ok");
    everywhere("udf-list", listing("new"));
    const [, late] = fake.world.fake.nodes;
    late?.answers.set("udf-list", listing("old"));
    const task = await fake.until(fake.session.registerUdf(SOURCE, "one.lua"));
    expect(asked(PUT)).toBe(1);
    expect(task.fileName).toBe("one.lua");
    expect(inspect(task)).toBe("RegisterTask { task: 'registering one.lua' }");
    expect(await fake.until(task.isDone())).toBe(false);
    late?.answers.set("udf-list", "");
    expect(await fake.until(task.isDone())).toBe(false);
    fake.world.runtime.setTimer(200, () => late?.answers.set("udf-list", listing("new")), false);
    await fake.until(task.waitTillComplete({ totalTimeout: 5_000 }));
    expect(await fake.until(task.isDone())).toBe(true);
  });

  test("a module that does not compile: file, line and Lua's message", async () => {
    const message = encodeBase64(encodeUtf8("unexpected symbol near '='"));
    everywhere(PUT, `error=compile_error;file=one.lua;line=3;message=${message}`);
    const failure = fake.until(fake.session.registerUdf(SOURCE, "one.lua"));
    await expect(failure).rejects.toBeInstanceOf(UdfCompileError);
    await expect(failure).rejects.toBeInstanceOf(UdfError);
    await expect(failure).rejects.toMatchObject({
      name: "UdfCompileError",
      code: "UDF",
      resultCode: 100,
      fileName: "one.lua",
      line: 3,
      luaMessage: "unexpected symbol near '='",
      message: "The module does not compile: one.lua:3: unexpected symbol near '='",
    });
  });

  test("other refusals", async () => {
    everywhere(PUT, "error=invalid_filename");
    await expect(fake.until(fake.session.registerUdf(SOURCE, "one.lua"))).rejects.toThrow(
      "Could not register one.lua: this server does not accept the file name",
    );
    everywhere(PUT, "error=timeout");
    const late = fake.until(fake.session.registerUdf(SOURCE, "one.lua"));
    await expect(late).rejects.toBeInstanceOf(TimeoutError);
    await expect(late).rejects.toMatchObject({ inDoubt: true });
    everywhere(PUT, "ERROR:81:role violation");
    await expect(fake.until(fake.session.registerUdf(SOURCE, "one.lua"))).rejects.toMatchObject({
      code: "ROLE_VIOLATION",
    });
    everywhere(PUT, "error=something_new");
    await expect(fake.until(fake.session.registerUdf(SOURCE, "one.lua"))).rejects.toThrow("something_new");
  });

  test.each([
    [SOURCE, "", "file name is empty"],
    [SOURCE, "one", 'file name "one" is not a UDF file name'],
    [SOURCE, ".lua", "is not a UDF file name"],
    ["", "one.lua", "source has 0 bytes"],
    [new Uint8Array(1_048_576), "one.lua", "source has 1048576 bytes"],
    [5, "one.lua", "source is 5"],
  ])("refuses %j, %j before it asks", async (source, name, message) => {
    const before = fake.world.fake.nodes.flatMap((node) => node.asked).length;
    await expect(Reflect.apply(fake.session.registerUdf, fake.session, [source, name])).rejects.toThrow(message);
    expect(fake.world.fake.nodes.flatMap((node) => node.asked)).toHaveLength(before);
  });
});

test("removing waits until no node has it", async () => {
  everywhere("udf-remove:filename=one.lua;", "ok");
  everywhere("udf-list", listing("h", "h"));
  const task = await fake.until(fake.session.removeUdf("one.lua"));
  expect(await fake.until(task.isDone())).toBe(false);
  everywhere("udf-list", "filename=m1.lua,hash=h,type=LUA;");
  await fake.until(task.waitTillComplete());
  expect(await fake.until(task.isDone())).toBe(true);
});

test("listing and reading", async () => {
  everywhere("udf-list", listing("a", "b"));
  expect(await fake.until(fake.session.listUdfs())).toEqual([
    { fileName: "one.lua", hash: "a", type: "LUA" },
    { fileName: "m1.lua", hash: "b", type: "LUA" },
  ]);
  everywhere("udf-get:filename=one.lua", `type=LUA;content=${CONTENT};`);
  expect(await fake.until(fake.session.getUdf("one.lua"))).toBe(SOURCE);
  everywhere("udf-get:filename=two.lua", "error=not_found");
  await expect(fake.until(fake.session.getUdf("two.lua"))).rejects.toThrow("there is no module of that name");
  await expect(fake.session.getUdf(".")).rejects.toThrow(TypeError);
});

describe("waiting", () => {
  async function waiting() {
    everywhere(PUT, "ok");
    everywhere("udf-list", "");
    return fake.until(fake.session.registerUdf(SOURCE, "one.lua"));
  }

  test("asks soon, then ever less often, down to once a second", async () => {
    const task = await waiting();
    const wait = task.waitTillComplete({ totalTimeout: 20_000 });
    const settled = expect(wait).rejects.toThrow("Not every node is done with registering one.lua after 20000 ms");
    await fake.world.runtime.advance(60);
    const early = asked("udf-list") / 3;
    expect(early).toBeGreaterThanOrEqual(4);
    await fake.world.runtime.advance(20_000);
    await settled;
    expect(asked("udf-list") / 3).toBeLessThan(early + 45);
  });

  test("a node that does not answer is waited for, and one that leaves is not", async () => {
    const task = await waiting();
    everywhere("udf-list", listing("h"));
    const [, , silent] = fake.world.fake.nodes;
    if (silent === undefined) throw new Error("three nodes are needed");
    silent.infoDelayMs = Number.POSITIVE_INFINITY;
    await expect(fake.until(task.isDone())).rejects.toBeInstanceOf(TimeoutError);
    await expect(fake.until(task.waitTillComplete({ totalTimeout: 3_000 }))).rejects.toBeInstanceOf(TimeoutError);
    fake.world.fake.kill(silent);
    await fake.until(task.waitTillComplete({ totalTimeout: 60_000 }));
  });

  test("ends with the signal, the refusal of a node, or the client", async () => {
    const task = await waiting();
    const stop = new AbortController();
    const aborted = task.waitTillComplete({ signal: stop.signal });
    const settled = expect(aborted).rejects.toBeInstanceOf(AbortError);
    await fake.world.runtime.advance(100);
    stop.abort();
    await settled;
    everywhere("udf-list", "ERROR:81:role violation");
    await expect(fake.until(task.waitTillComplete())).rejects.toMatchObject({ code: "ROLE_VIOLATION" });
    await fake.until(fake.client.close());
    await expect(fake.until(task.waitTillComplete())).rejects.toBeInstanceOf(ConnectionError);
    await expect(fake.until(task.isDone())).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });

  test("ends with the client at once, however long the pause it is in", async () => {
    const task = await waiting();
    const wait = task.waitTillComplete();
    const settled = expect(wait).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    // Long enough for pauses of a second, and into the middle of one.
    await fake.world.runtime.advance(10_300);
    const closing = fake.world.runtime.now();
    await fake.until(fake.client.close());
    await settled;
    expect(fake.world.runtime.now()).toBe(closing);
    expect(fake.world.runtime.pendingTimers).toBe(0);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a totalTimeout of %d", async (totalTimeout) => {
    const task = await waiting();
    await expect(task.waitTillComplete({ totalTimeout })).rejects.toThrow(RangeError);
  });

  test("refuses options that there are not", async () => {
    const task = await waiting();
    const options: object = { timeout: 5 };
    await expect(task.waitTillComplete(options)).rejects.toThrow('waitTillComplete: there is no option "timeout"');
    await expect(task.isDone(options)).rejects.toThrow('isDone: there is no option "timeout"');
  });

  test.each(["stats.v2.lua", "string.lua", "counters.txt"])(
    "refuses to register %s, which no call would find",
    async (name) => {
      await expect(fake.session.registerUdf(SOURCE, name)).rejects.toBeInstanceOf(TypeError);
      const asked = fake.world.fake.nodes.flatMap((node) => node.asked).flat();
      expect(asked.filter((command) => command.startsWith("udf-put"))).toEqual([]);
    },
  );
});
