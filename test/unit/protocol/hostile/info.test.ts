import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { PartitionMap } from "../../../../protocol/cluster/partition-map.js";
import { parseHostList } from "../../../../protocol/info/host-list.js";
import { parseIndexList, parseIndexStat } from "../../../../protocol/info/index-info.js";
import { expectInfo } from "../../../../protocol/info/info-error.js";
import { parseInfoReply } from "../../../../protocol/info/info-reply.js";
import { parseJobList, parseJobStatus } from "../../../../protocol/info/job-status.js";
import { parseNamespaceInfo, parseNamespaces } from "../../../../protocol/info/namespace-info.js";
import { parsePeers } from "../../../../protocol/info/peers.js";
import { parseReplicas } from "../../../../protocol/info/replicas.js";
import { ServerVersion } from "../../../../protocol/info/server-version.js";
import { parseSet, parseSets } from "../../../../protocol/info/set-info.js";
import { parseUdfCompileError, parseUdfList, parseUdfSource } from "../../../../protocol/info/udf-info.js";
import { outcomeOf } from "../../../support/hostile.js";
import { runs } from "../../../support/runs.js";
import { loadVectors } from "../../../support/vectors/entry.js";

const OUTCOMES = ["value", "protocol error", "result error"];

const PARSERS: readonly ((text: string) => unknown)[] = [
  (text) => parseHostList(text, 3000),
  parseIndexList,
  parseIndexStat,
  expectInfo,
  parseJobList,
  parseJobStatus,
  parseNamespaceInfo,
  parseNamespaces,
  parsePeers,
  (text) => new PartitionMap().merge("A", parseReplicas(text)),
  ServerVersion.parse,
  (text) => parseSet(text, "n", "s"),
  parseSets,
  parseUdfCompileError,
  parseUdfList,
  parseUdfSource,
];

const answers = ["info", "index", "udf", "background"]
  .flatMap(loadVectors)
  .flatMap(({ decoded }) => decoded.text?.split("\n") ?? [])
  .map((line) => line.slice(line.indexOf("\t") + 1))
  .filter((answer) => answer !== "" && answer.length < 20_000);

/** What info values are made of, so that noise looks like them. */
const noise = fc
  .array(
    fc.constantFrom(
      ..."[],:;=()/.-+ \tERROR:FAIL:null0123456789aAzZ\u0000\u00e9",
      "trid=",
      "ns=",
      "status=",
      "indextype=",
    ),
    {
      maxLength: 80,
    },
  )
  .map((parts) => parts.join(""));

describe("info values", () => {
  it("give a value or a known error whatever they hold", () => {
    fc.assert(
      fc.property(noise, (text) => {
        for (const parse of PARSERS) expect(OUTCOMES).toContain(outcomeOf(() => parse(text)));
      }),
      { numRuns: runs(400) },
    );
  });

  it("give a value or a known error when real ones are damaged", () => {
    expect(answers.length).toBeGreaterThan(200);
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.nat(), fc.nat(30), noise, (answer, at, out, put) => {
        const cut = at % answer.length;
        const damaged = answer.slice(0, cut) + put.slice(0, 5) + answer.slice(cut + out);
        for (const parse of PARSERS) expect(OUTCOMES).toContain(outcomeOf(() => parse(damaged)));
      }),
      { numRuns: runs(200) },
    );
  });

  it("are read in a blink even when they are a quarter of a megabyte of one thing", () => {
    const monsters = [
      "[",
      "]",
      "[[",
      "a",
      "=",
      ";",
      ":",
      ",",
      "1,",
      "[A,,[h]],",
      "ns=;",
      "9",
      "A=",
      "ERROR:",
      "(",
      "\u0000",
    ];
    for (const monster of monsters) {
      const long = monster.repeat(Math.ceil(250_000 / monster.length));
      for (const text of [long, `1,3000,[${long}]`, `n:0,1,${long}`, `trid=1:status=${long}`]) {
        for (const parse of PARSERS) expect(OUTCOMES).toContain(outcomeOf(() => parse(text)));
      }
    }
  });
});

describe("info replies", () => {
  it("give a value or a known error when they are noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), noise, (bytes, text) => {
        expect(OUTCOMES).toContain(outcomeOf(() => parseInfoReply(new Reader(bytes), ["node"])));
        const body = Buffer.from(`node\t${text}\n${text}`);
        expect(OUTCOMES).toContain(outcomeOf(() => parseInfoReply(new Reader(body), ["node"])));
      }),
      { numRuns: runs(400) },
    );
  });
});
