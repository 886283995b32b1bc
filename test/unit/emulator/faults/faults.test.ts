import { describe, expect, it } from "vitest";
import type { FaultSpec } from "../../../../emulator/index.js";
import { BackgroundOperateCommand } from "../../../../protocol/command/background-operate.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";
import { encoded, infoRequest, keyOf, messageOf, NAMESPACE, SET, World } from "../support/world.js";

const write = writeCommand(keyOf(1), { n: 1 });
const read = readCommand(keyOf(1));
const REPLY_BYTES = 8 + 22;

describe("a fault", () => {
  it("affects the commands that it is meant for, on the node that it is meant for", async () => {
    await using world = await World.start({ nodes: 2 });
    using fault = world.emulator.faults.add({ node: 1, command: ["write", "touch"], do: "answer", resultCode: 9 });
    expect(await world.codeOf(write, 0)).toBe(0);
    expect(await world.codeOf(read, 1)).toBe(0);
    expect(await world.codeOf(write, 1)).toBe(9);
    expect(await world.info("node", 1)).toBe(world.emulator.nodes[1]!.id);
    expect(fault.hits).toBe(1);
  });

  it("passes info unless it is told to affect it", async () => {
    await using world = await World.start();
    using all = world.emulator.faults.add({ do: "silence" });
    expect(await world.info("build")).toBe("8.1.2.0");
    expect(all.hits).toBe(0);
    using info = world.emulator.faults.add({ command: "info", do: "cut" });
    const socket = world.open();
    socket.write(infoRequest("build"));
    await world.runtime.until(socket.whenClosed());
    expect(socket.received).toHaveLength(0);
    expect(info.hits).toBe(1);
  });

  it("lets the first pass and is over after as many as it was given", async () => {
    await using world = await World.start();
    const fault = world.emulator.faults.add({ do: "answer", resultCode: 14, skip: 1, times: 2 });
    const codes = [];
    for (let i = 0; i < 5; i++) codes.push(await world.codeOf(write));
    expect(codes).toEqual([0, 14, 14, 0, 0]);
    expect(fault.hits).toBe(2);
  });

  it("ends when it is lifted, once or with all others", async () => {
    await using world = await World.start();
    const { faults } = world.emulator;
    const fault = faults.add({ do: "answer", resultCode: 14 });
    expect(await world.codeOf(write)).toBe(14);
    fault.lift();
    expect(fault.isLifted).toBe(true);
    expect(await world.codeOf(write)).toBe(0);
    const other = faults.add({ do: "answer", resultCode: 8 });
    faults.liftAll();
    expect(other.isLifted).toBe(true);
    expect(await world.codeOf(write)).toBe(0);
  });

  it.each<[string, FaultSpec]>([
    ["node: expected a node from 0 to 0, got 3", { node: 3, do: "stall" }],
    ["skip: expected a whole number of 0 or more, got -1", { skip: -1, do: "stall" }],
    ["times: expected a whole number of 1 or more, got 0", { times: 0, do: "stall" }],
    ["ms: expected a time of 0 ms or more, got NaN", { do: "delay", ms: Number.NaN }],
    ["bytes: expected a whole number of 0 or more, got 1.5", { do: "cut", bytes: 1.5 }],
    ["resultCode: expected a result code from 1 to 255, got 0", { do: "answer", resultCode: 0 }],
  ])("is refused: %s", async (message, spec) => {
    await using world = await World.start();
    expect(() => world.emulator.faults.add(spec)).toThrow(new RangeError(message));
  });

  it.each<[string, unknown]>([
    [
      'faults.add(spec): do: expected what goes wrong, got "explode". Known: delay, stall, silence, ',
      { do: "explode" },
    ],
    ['faults.add(spec): do: expected what goes wrong, got "stal". Did you mean stall?', { do: "stal" }],
    ["faults.add(spec): do: expected what goes wrong, got undefined. Known: delay, ", {}],
    ["faults.add(spec): expected an object, got null", null],
    [
      'faults.add({ do: "stall" }): there is no option "reply". Known: node, command, skip, times, do',
      { do: "stall", reply: 5 },
    ],
    ['faults.add({ do: "cut" }): there is no option "byte". Did you mean bytes?', { do: "cut", byte: 5 }],
    ['command: expected a kind of command, got "get". Known: info, security, read, ', { do: "stall", command: "get" }],
    ["command: expected a kind of command, got 1. Known: ", { do: "stall", command: ["read", 1] }],
  ])("that does not exist is refused: %s", async (message, spec) => {
    await using world = await World.start();
    const add = (): unknown => world.emulator.faults.add(spec as FaultSpec);
    expect(add).toThrow(TypeError);
    expect(add).toThrow(message);
  });

  it("of another kind checks what it is given too", async () => {
    await using world = await World.start();
    const { faults } = world.emulator;
    expect(() => faults.refuseSockets(1)).toThrow("refuseSockets(node): expected a node from 0 to 0, got 1");
    expect(() => faults.cutSocketsAfter(0, -1)).toThrow("expected a whole number of 0 or more, got -1");
    expect(() => faults.answerInOrder([0, 2], "query")).toThrow("expected a node from 0 to 0, got 2");
    expect(() => faults.answerInOrder([0], "scan" as "query")).toThrow('expected a kind of command, got "scan"');
    expect(() => faults.holdJobs({ after: 3 } as object)).toThrow('there is no option "after"');
    expect(() => faults.holdJobs().step(0)).toThrow("step(records): expected a whole number of 1 or more, got 0");
  });
});

describe("what faults do", () => {
  it("delay: the answer comes later, and the next ones after it", async () => {
    await using world = await World.start();
    using _ = world.emulator.faults.add({ do: "delay", ms: 250, times: 1 });
    const socket = world.socket();
    socket.write(encoded(write));
    socket.write(encoded(read));
    await world.runtime.advance(249);
    expect(socket.received).toHaveLength(0);
    expect(messageOf((await world.runtime.until(socket.next())).body).resultCode).toBe(0);
    expect(messageOf((await world.runtime.until(socket.next())).body).opCount).toBe(1);
    expect(world.runtime.now()).toBe(250);
  });

  it("stall: the answer is held until the fault is lifted", async () => {
    await using world = await World.start();
    const fault = world.emulator.faults.add({ do: "stall", command: "write" });
    const socket = world.socket();
    socket.write(encoded(write));
    await world.runtime.advance(60_000);
    expect(socket.received).toHaveLength(0);
    expect(fault.hits).toBe(1);
    expect((await readThrough(world)).opCount).toBe(1);
    fault.lift();
    expect(messageOf((await world.runtime.until(socket.next())).body).resultCode).toBe(0);
  });

  it("silence: nothing more comes, and the socket stays open", async () => {
    await using world = await World.start();
    using _ = world.emulator.faults.add({ do: "silence", times: 1 });
    const socket = world.socket();
    socket.write(encoded(write));
    socket.write(encoded(read));
    await world.runtime.advance(60_000);
    expect(socket).toMatchObject({ isClosed: false, received: { length: 0 } });
    expect((await readThrough(world)).opCount).toBe(1);
  });

  it("cut: so many bytes of the answer come, then the socket closes; the write has happened", async () => {
    await using world = await World.start();
    using _ = world.emulator.faults.add({ do: "cut", bytes: 11, command: "write" });
    const socket = world.open();
    socket.write(encoded(write));
    await world.runtime.until(socket.whenClosed());
    expect(socket.received).toHaveLength(11);
    expect((await readThrough(world)).opCount).toBe(1);
  });

  it("cut with more bytes than there are: the whole answer, then the end", async () => {
    await using world = await World.start();
    using _ = world.emulator.faults.add({ do: "cut", bytes: 1000 });
    const socket = world.open();
    socket.write(encoded(write));
    await world.runtime.until(socket.whenClosed());
    expect(socket.received).toHaveLength(REPLY_BYTES);
  });

  it("truncate: so many bytes, then nothing on an open socket", async () => {
    await using world = await World.start();
    using _ = world.emulator.faults.add({ do: "truncate", bytes: 20, times: 1 });
    const socket = world.open();
    socket.write(encoded(write));
    socket.write(encoded(read));
    await world.runtime.advance(60_000);
    expect(socket).toMatchObject({ isClosed: false, received: { length: 20 } });
  });

  it("garbage: other bytes in place of the answer", async () => {
    await using world = await World.start();
    using _ = world.emulator.faults.add({ do: "garbage", times: 1 });
    using own = world.emulator.faults.add({ do: "garbage", bytes: Uint8Array.of(2, 9), times: 1 });
    const first = world.open();
    first.write(encoded(write));
    await world.runtime.until(first.whenReceived(64));
    expect(first.received).toEqual(new Uint8Array(64).fill(0x21));
    const second = world.open();
    second.write(encoded(write));
    await world.runtime.until(second.whenReceived(2));
    expect(second.received).toEqual(Uint8Array.of(2, 9));
    expect(own.hits).toBe(1);
  });

  it("execute: false leaves the request undone", async () => {
    await using world = await World.start();
    for (const spec of [{ do: "cut" }, { do: "silence" }, { do: "truncate", bytes: 5 }, { do: "garbage" }] as const) {
      const fault = world.emulator.faults.add({ ...spec, execute: false, command: "write", times: 1 });
      world.open().write(encoded(write));
      await world.runtime.advance(1);
      expect(fault.hits).toBe(1);
      expect(await world.codeOf(read)).toBe(ResultCode.KEY_NOT_FOUND);
    }
  });

  it("answer: the request is refused, and not carried out", async () => {
    await using world = await World.start();
    using _ = world.emulator.faults.add({ do: "answer", resultCode: ResultCode.DEVICE_OVERLOAD, times: 1 });
    expect(await world.codeOf(write)).toBe(ResultCode.DEVICE_OVERLOAD);
    expect(await world.codeOf(read)).toBe(ResultCode.KEY_NOT_FOUND);
  });
});

describe("sockets", () => {
  it("are turned away while they are refused", async () => {
    await using world = await World.start();
    const refusal = world.emulator.faults.refuseSockets(0);
    const socket = world.open();
    await world.runtime.until(socket.whenClosed());
    expect(socket.isConnected).toBe(false);
    refusal.lift();
    expect(await world.info("build")).toBe("8.1.2.0");
  });

  it.each([0, 1, 29, 30, 45])("are closed after %i bytes, wherever that is", async (bytes) => {
    await using world = await World.start();
    using _ = world.emulator.faults.cutSocketsAfter(0, bytes);
    const socket = world.open();
    for (let i = 0; i < 3; i++) socket.write(encoded(write));
    await world.runtime.until(socket.whenClosed());
    expect(socket.received).toHaveLength(bytes);
  });

  it("carry what they like once the limit is lifted", async () => {
    await using world = await World.start();
    world.emulator.faults.cutSocketsAfter(0, 10).lift();
    expect(await world.codeOf(write)).toBe(0);
  });
});

describe("answerInOrder", () => {
  it("holds the answers of nodes until those before them have answered", async () => {
    await using world = await World.start({ nodes: 3 });
    await world.fill(10);
    using _ = world.emulator.faults.answerInOrder([2, 0, 1], "background");
    const arrivals: number[] = [];
    const answers = [0, 1, 2].map(async (node) => {
      const socket = world.socket(node);
      socket.write(encoded(start(7n)));
      await socket.next();
      arrivals.push(node);
    });
    await world.runtime.until(Promise.all(answers));
    expect(arrivals).toEqual([2, 0, 1]);
    expect(await world.codeOf(start(8n), 1)).toBe(0);
  });

  it("lets all go when it is lifted", async () => {
    await using world = await World.start({ nodes: 2 });
    await world.fill(10);
    const order = world.emulator.faults.answerInOrder([1, 0], "background");
    const socket = world.socket(0);
    socket.write(encoded(start(7n)));
    await world.runtime.advance(10);
    expect(socket.received).toHaveLength(0);
    order.lift();
    expect(messageOf((await world.runtime.until(socket.next())).body).resultCode).toBe(0);
  });
});

function start(taskId: bigint): BackgroundOperateCommand {
  const op = { code: OpCode.INCR, bin: "n", value: 1 } as const;
  return new BackgroundOperateCommand({ namespace: NAMESPACE, setName: SET, taskId }, [op]);
}

async function readThrough(world: World) {
  const socket = world.open();
  socket.write(encoded(read));
  return messageOf((await world.runtime.until(socket.next())).body);
}
