import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Writer } from "../../protocol/bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../../protocol/frame/proto.js";
import { makeKey } from "../../protocol/key/make-key.js";
import { Behavior } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { readCommand } from "../support/record-commands.js";

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(() => target[Symbol.asyncDispose]());

const compressed = Behavior.DEFAULT.deriveWithChanges("compressed", { all: { compress: true } });

it("Community Edition servers can't compress, so nothing is sent to them", async () => {
  const users = target.dataSet();
  const session = target.client.createSession(compressed);
  const refused = { code: "UNSUPPORTED_FEATURE", inDoubt: false };
  await expect(session.put(users.id(1), { a: 1 })).rejects.toMatchObject(refused);
  await expect(session.get(users.id(1))).rejects.toMatchObject(refused);
  await expect(session.query(users).collect()).rejects.toMatchObject(refused);
  await expect(session.get(users.id(1))).rejects.toThrow(/takes Enterprise Edition servers.*Community Edition/);
  await expect(target.session.get(users.id(1))).rejects.toMatchObject({ code: "RECORD_NOT_FOUND" });
});

it("one that gets a compressed request nevertheless says so, and the socket stays", async () => {
  const [host = "", port] = target.hosts.split(",")[0]!.split(":");
  const socket = connectTcp(Number(port), host);
  await once(socket, "connect");
  const request = new Writer();
  readCommand(makeKey("test", "none", 1)).encode(request, 1_000);
  const message = request.take();
  const w = new Writer();
  const start = beginProto(w);
  w.u64(BigInt(message.length));
  w.bytes(deflateSync(message));
  finishProto(w, start, ProtoType.COMPRESSED);
  const reply = async (bytes: Uint8Array): Promise<Buffer> => {
    socket.write(bytes);
    const [data] = await once(socket, "data");
    return data;
  };
  const refusal = await reply(w.take());
  expect([refusal.length, refusal[1], refusal[13]]).toEqual([30, ProtoType.MESSAGE, 25]);
  // The same in the clear is replied to: there is no such record.
  expect((await reply(message))[13]).toBe(2);
  socket.destroy();
});
