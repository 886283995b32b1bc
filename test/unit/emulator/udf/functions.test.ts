import { describe, expect, it } from "vitest";
import type { UdfEngine } from "../../../../emulator/index.js";
import { encodeUtf8 } from "../../../../protocol/bytes/utf8.js";
import { BackgroundUdfCommand } from "../../../../protocol/command/background-udf.js";
import { udfCommand } from "../../../support/record-commands.js";
import { udfPut } from "../support/udf-put.js";
import { keyOf, NAMESPACE, SET, World } from "../support/world.js";

const SOURCE = `
function double(rec)
  rec.n = rec.n * 2
  return aerospike:update(rec)
end
function drop(rec)
  return aerospike:remove(rec)
end
`;

function call(functionName: string) {
  return { package: "lib", function: functionName, args: [] };
}

describe("functions", () => {
  it("registered with one node are known to all, for single records and for jobs", async () => {
    await using world = await World.start({ nodes: 3, lua: true });
    await world.fill(30);
    expect(await world.info(udfPut("lib.lua", SOURCE), 1)).toBe("ok");
    for (const node of [0, 1, 2]) expect(await world.info("udf-list", node)).toMatch(/^filename=lib\.lua,hash=/);
    expect(await world.run(udfCommand(keyOf(3), call("double")), 2)).toBe(0);
    expect((await world.read(3))?.bins).toEqual({ n: 6 });
    const job = { namespace: NAMESPACE, setName: SET, taskId: 1n };
    for (const node of [0, 1, 2]) await world.run(new BackgroundUdfCommand(job, call("double")), node);
    let succeeded = 0;
    for (const node of [0, 1, 2]) {
      const part = await world.finished(1n, node);
      expect(part).toMatchObject({ jobType: "background-udf", udfPackage: "lib", udfFunction: "double", failed: 0 });
      succeeded += part.succeeded;
    }
    expect(succeeded).toBe(30);
    for (let id = 0; id < 30; id++) expect((await world.read(id))?.bins["n"]).toBe(id === 3 ? 12 : id * 2);
  });

  it("can remove the records that a job goes through", async () => {
    await using world = await World.start({ lua: true });
    await world.fill(10);
    await world.info(udfPut("lib.lua", SOURCE));
    await world.run(new BackgroundUdfCommand({ namespace: NAMESPACE, setName: SET, taskId: 1n }, call("drop")));
    expect((await world.finished(1n)).succeeded).toBe(10);
    expect(await world.read(1)).toBeUndefined();
  });

  it("are gone once their file is removed, for others that load it too", async () => {
    await using world = await World.start({ lua: true });
    await world.info(udfPut("lib.lua", SOURCE));
    expect(await world.info("udf-remove:filename=lib.lua;")).toBe("ok");
    expect(await world.info("udf-list")).toBe("");
    const refused = world.run(udfCommand(keyOf(1), call("double")));
    await expect(refused).rejects.toThrow("UDF: Execution Error 1");
    expect(await world.info(udfPut("user.lua", 'require("lib")'))).toMatch(/^error=compile_error;/);
  });

  it("run in an engine of one's own when there is one", async () => {
    const sources: string[] = [];
    const udf: UdfEngine = {
      compile(fileName) {
        sources.push(fileName);
        return {
          run(functionName, record) {
            record.setBin("by", { type: 3, bytes: encodeUtf8(functionName) });
            record.create();
            return { kind: "success", value: null };
          },
          aggregate(functionName, stream) {
            for (let record = stream.next(); record !== undefined; record = stream.next()) {
              stream.put({ type: 3, bytes: encodeUtf8(`${functionName} ${record.binNames?.join()}`) });
            }
            return undefined;
          },
        };
      },
      remove() {},
    };
    await using world = await World.start({ udf });
    expect(await world.info(udfPut("lib.lua", SOURCE))).toBe("ok");
    expect(sources).toEqual(["lib.lua"]);
    expect(await world.run(udfCommand(keyOf(1), call("greet")))).toBeNull();
    expect((await world.read(1))?.bins).toEqual({ by: "greet" });
  });
});
