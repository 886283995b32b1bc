import { describe, expect, it } from "vitest";
import { Reader } from "../../../protocol/bytes/reader.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { parseIndexList, parseIndexStat } from "../../../protocol/info/index-info.js";
import { parseInfoError } from "../../../protocol/info/info-error.js";
import { parseInfoReply } from "../../../protocol/info/info-reply.js";
import { writeInfoRequest } from "../../../protocol/info/info-request.js";
import { parseJobList, parseJobStatus } from "../../../protocol/info/job-status.js";
import { parseNamespaceInfo, parseNamespaces } from "../../../protocol/info/namespace-info.js";
import { parsePeers } from "../../../protocol/info/peers.js";
import { parseReplicas } from "../../../protocol/info/replicas.js";
import { ServerVersion } from "../../../protocol/info/server-version.js";
import { parseSet, parseSets } from "../../../protocol/info/set-info.js";
import { parseUdfCompileError, parseUdfList, parseUdfSource } from "../../../protocol/info/udf-info.js";
import { type Entry, loadVectors, responsesOf, toHex } from "../../support/vectors/entry.js";

const FILES = ["info", "index", "udf", "background", "query", "batch", "errors"];
const entries = FILES.flatMap(loadVectors).filter(({ intent }) => intent.command === "info");

function replyOf(entry: Entry): ReadonlyMap<string, string> {
  return parseInfoReply(new Reader(responsesOf(entry)[0]!, 8), entry.intent.commands!);
}

/** All recorded answers to commands that a pattern matches. */
function answersTo(pattern: RegExp): { command: string; value: string }[] {
  return entries.flatMap((entry) =>
    [...replyOf(entry)].filter(([command]) => pattern.test(command)).map(([command, value]) => ({ command, value })),
  );
}

function answer(command: string): string {
  const [first] = answersTo(new RegExp(`^${command.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`));
  if (first === undefined) throw new Error(`no recorded answer to ${command}`);
  return first.value;
}

describe("recorded info requests", () => {
  it("are written byte for byte", () => {
    expect(entries.length).toBe(295);
    for (const entry of entries) {
      const w = new Writer();
      writeInfoRequest(w, entry.intent.commands!);
      expect(toHex(w.view()), entry.id).toBe(entry.request);
    }
  });

  it("have an answer for each command, in the server's words", () => {
    for (const entry of entries) {
      const reply = replyOf(entry);
      const lines = [...reply].map(([command, value]) => `${command}\t${value}\n`);
      const expected = entry.decoded.text!.match(/[^\n]*\n/g)!;
      expect(lines, entry.id).toEqual([...new Set(expected)]);
    }
  });
});

describe("recorded refusals", () => {
  it("are told from answers, with their exact code", () => {
    const codes = new Map<number, number>();
    for (const { value } of answersTo(/./)) {
      const error = parseInfoError(value);
      expect(error !== undefined, value).toBe(/^(ERROR:|error=)/.test(value));
      if (error !== undefined) codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
    }
    expect([...codes.keys()].sort((a, b) => a - b)).toEqual([2, 4, 7, 20, 25, 100, 200, 201]);
  });

  it("keep their words", () => {
    expect(parseInfoError(answer("query-show:id=123456"))).toEqual({ code: 2, message: "job not found" });
    expect(parseInfoError(answer("sindex-list:namespace=nons"))).toEqual({
      code: 20,
      message: "namespace not found on node",
    });
  });
});

describe("recorded jobs", () => {
  it("are read one by one and as a list", () => {
    const single = answersTo(/^query-show:(id|trid)=\d+$/).filter(({ value }) => parseInfoError(value) === undefined);
    expect(single.length).toBeGreaterThan(8);
    for (const { command, value } of single) {
      const job = parseJobStatus(value);
      expect(job.taskId, command).toBe(BigInt(command.split("=")[1]!));
      expect(job.namespace).toBe("test");
      expect(["background-ops", "background-udf"]).toContain(job.jobType);
    }
    const list = parseJobList(answer("query-show"));
    expect(list.length).toBe(17);
    expect(list[0]).toMatchObject({ taskId: 900_019n, done: true, outcome: "user-aborted", progress: 100 });
  });

  it("say what became of the records", () => {
    expect(parseJobStatus(answer("query-show:id=900009"))).toMatchObject({
      setName: "bg",
      status: "done(ok)",
      done: true,
      outcome: "ok",
      recordsPerSecond: 10_000,
      succeeded: 0,
      failed: 12,
      throttled: 12,
      jobType: "background-ops",
      from: "127.0.0.1:38042",
      udfPackage: undefined,
    });
    expect(parseJobStatus(answer("query-show:id=900014"))).toMatchObject({ udfPackage: "golden", udfFunction: "fail" });
    expect(parseJobStatus(answer("query-show:trid=900019"))).toMatchObject({ done: false, progress: 10.62 });
  });
});

describe("recorded indexes", () => {
  it("are listed with their contexts and expressions", () => {
    const indexes = parseIndexList(answer("sindex-list:namespace=test;b64=true"));
    expect(indexes.length).toBe(20);
    const byName = new Map(indexes.map((index) => [index.indexName, index]));
    expect(byName.get("i_g")).toMatchObject({ bin: "g", type: "geo", collection: "default", readable: true });
    expect(byName.get("i_MAPKEYS_BLOB")).toMatchObject({ type: "blob", collection: "mapKeys", setName: "ix" });
    expect(toHex(byName.get("i_ctx1")!.context!)).toBe("9222a20361");
    expect(byName.get("i_exp1")).toMatchObject({ bin: undefined, context: undefined });
    expect(toHex(byName.get("i_exp1")!.expression!)).toBe("9314935102a16e01");
  });

  it("say how far they are", () => {
    expect(parseIndexStat(answer("sindex-stat:namespace=test;indexname=i_s"))).toEqual({
      loadPercent: 100,
      entries: 5,
      usedBytes: 16_777_216,
      entriesPerValue: 1,
      entriesPerRecord: 1,
    });
  });
});

describe("recorded UDF modules", () => {
  it("are listed and read back", () => {
    expect(parseUdfList(answer("udf-list"))).toEqual([]);
    const lists = answersTo(/^udf-list$/).map(({ value }) => parseUdfList(value).map(({ fileName }) => fileName));
    expect(lists).toContainEqual(["golden.lua", "small.lua", "x.txt", "nt.lua"]);
    expect(Buffer.from(parseUdfSource(answer("udf-get:filename=small.lua"))).toString()).toBe(
      "function one(rec)\n  return 1\nend\n",
    );
  });

  it("are refused with Lua's words", () => {
    const [refusal] = answersTo(/^udf-put:filename=bad\.lua/);
    expect(parseUdfCompileError(refusal!.value)).toEqual({
      fileName: "bad.lua",
      line: 2,
      message: "<name> or '...' expected near 'return'",
    });
    expect(parseUdfCompileError(answer("udf-get:filename=none.lua"))).toBeUndefined();
    expect(parseUdfCompileError("ok")).toBeUndefined();
  });
});

describe("recorded facts of a node", () => {
  it("are read", () => {
    expect(parseNamespaces(answer("namespaces"))).toEqual(["test", "bar"]);
    expect(parseNamespaceInfo(answer("namespace/nons"))).toBeUndefined();
    expect(parseNamespaceInfo(answer("namespace/test"))?.get("replication-factor")).toBe("1");
    expect(parseSets(answer("sets"))).toMatchObject([{ namespace: "test", setName: "demo", objects: 3 }]);
    expect(parseSets(answer("sets/nons"))).toEqual([]);
    expect(parseSet(answer("sets/test/demo"), "test", "demo")).toMatchObject({ objects: 3, truncating: false });
    expect(parseSet(answer("sets/test/nosuch"), "test", "nosuch")).toBeUndefined();
    expect(ServerVersion.parse(answer("build")).isAtLeast(8, 1, 2)).toBe(true);
    expect(parsePeers(answer("peers-clear-std"))).toEqual({ generation: 0, peers: [] });
  });

  it("name the partitions it owns", () => {
    const replicas = parseReplicas(answer("replicas"));
    expect([...replicas.keys()]).toEqual(["test", "bar"]);
    for (const { regime, columns } of replicas.values()) {
      expect(regime).toBe(0);
      expect(columns).toEqual([new Uint8Array(512).fill(0xff)]);
    }
  });
});
