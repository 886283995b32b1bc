import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AelTarget, compileTree, parseText } from "../../../ael/index.js";
import { Emulator } from "../../../emulator/index.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { expressionReadOp } from "../../../protocol/exp/expression-op.js";
import type { ExpNode } from "../../../protocol/exp/node.js";
import { packNode } from "../../../protocol/exp/pack.js";
import { resolveExpression } from "../../../protocol/exp/resolve.js";
import { makeKey } from "../../../protocol/key/make-key.js";
import { ParticleType } from "../../../protocol/value/particle-type.js";
import { Expression } from "../../../src/exp/expression.js";
import { SKETCHES } from "../../differential/sketches.js";
import type { Step } from "../../differential/step.js";
import { Wire } from "../../differential/wire.js";
import { damagedAel } from "../../support/random/damaged-ael.js";
import { Random } from "../../support/random/random.js";
import { RandomAel } from "../../support/random/random-ael.js";
import type { AelType } from "../../support/random/random-ael-path.js";
import { aelRecord } from "../../support/random/random-ael-record.js";
import { readAel } from "../../support/read-ael.js";
import { runs } from "../../support/runs.js";

// What `test/differential/ael.ts` and `test/fuzz/ael.ts` do for long, and on a real server.

const KEYS = Array.from({ length: 4 }, (_, i) => makeKey("test", "ael", `r${i}`));
const NO_FAIL = 0x10;
const PARTICLES: Readonly<Record<AelType, number>> = {
  bool: ParticleType.BOOL,
  int: ParticleType.INTEGER,
  float: ParticleType.DOUBLE,
  string: ParticleType.STRING,
  blob: ParticleType.BLOB,
  list: ParticleType.LIST,
  map: ParticleType.MAP,
  geo: ParticleType.GEOJSON,
  hll: ParticleType.HLL,
};

function compiled(text: string, target: AelTarget): ExpNode {
  return resolveExpression(compileTree(parseText(text), [], { target }).node);
}

function bytesOf(node: ExpNode): Uint8Array {
  const w = new Writer(256);
  packNode(w, node);
  return w.copy();
}

describe("random texts that are well typed", () => {
  test.each([
    ["for servers of today", false, "any"],
    ["for server 8.2", true, "8.2"],
  ] as const)("compile to their type, and each time to the same bytes: %s", (_name, strings, target) => {
    for (let seed = 0; seed < runs(200); seed++) {
      const random = new Random(seed);
      const { text, type } = new RandomAel(random, strings).text(random.between(1, 4));
      const node = compiled(text, target);
      expect(node.type, text).toBe(type);
      expect(bytesOf(compiled(text, target)), text).toEqual(bytesOf(node));
      expect(String(new Expression(node)), text).not.toBe("");
    }
  });
});

describe("random texts on random records of the emulator", () => {
  let emulator: Emulator;
  let wire: Wire;
  beforeAll(async () => {
    emulator = await Emulator.start();
    const [host, port] = emulator.hosts.split(":");
    wire = await Wire.open(host!, Number(port));
  });
  afterAll(async () => {
    wire.close();
    await emulator[Symbol.asyncDispose]();
  });

  test("have a value of their type, or none", async () => {
    let answers = 0;
    for (let seed = 0; seed < runs(200); seed++) {
      const random = new Random(seed);
      if (seed % 50 === 0) {
        await wire.run(
          KEYS.map((_, record): Step => {
            const ops = aelRecord(random, SKETCHES);
            return { kind: "single", record, operation: { verb: "operate", ops, how: { recordExists: "replace" } } };
          }),
          KEYS,
        );
      }
      const { text, type } = new RandomAel(random).text(random.between(1, 4));
      const ops = [expressionReadOp("value", { packed: bytesOf(compiled(text, "any")) }, NO_FAIL)];
      const rows = KEYS.map((_, record) => ({ record, operation: { verb: "operate", ops, how: {} } as const }));
      const [reply] = await wire.run([{ kind: "batch", rows, inline: true }], KEYS);
      for (const row of reply!.rows) {
        expect(row?.resultCode, text).toBe(0);
        const particle = row?.ops[0]?.particle ?? ParticleType.NULL;
        if (particle === ParticleType.NULL) continue;
        answers++;
        expect(particle, text).toBe(PARTICLES[type]);
      }
    }
    expect(answers).toBeGreaterThan(runs(250));
  });
});

test("texts that are wrong are refused with a place", () => {
  let refused = 0;
  const count = runs(1_500);
  for (let seed = 0; seed < count; seed++) {
    const random = new Random(seed);
    const text = damagedAel(random);
    if (readAel(text, random.oneIn(2) ? "any" : "8.2") === undefined) refused++;
  }
  expect(refused).toBeGreaterThan(count / 2);
});
