import { parseArgs } from "node:util";
import { type AelTarget, compileTree, parseText } from "../../ael/index.js";
import { Emulator } from "../../emulator/index.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { expressionReadOp } from "../../protocol/exp/expression-op.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { packNode } from "../../protocol/exp/pack.js";
import { resolveExpression } from "../../protocol/exp/resolve.js";
import { neededVersion } from "../../protocol/exp/version.js";
import { makeKey } from "../../protocol/key/make-key.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { Random } from "../support/random/random.js";
import { RandomAel } from "../support/random/random-ael.js";
import { aelRecord } from "../support/random/random-ael-record.js";
import { differenceOf, type StepReply } from "./reply.js";
import { SKETCHES } from "./sketches.js";
import type { RandomOperation, Step } from "./step.js";
import { Wire } from "./wire.js";

// Random texts, each on several random records, which the emulator and a server have to work out alike:
//   AEROSPIKE_HOSTS=127.0.0.1:3000 node --import tsx test/differential/ael.ts --pairs 50000 --seed 1
// Each text is read as a value, once in the form for old servers and once in that of server 8.2, where this one runs it,
// and conditions filter, too. The first differences are printed with their seeds.

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    /** Texts times records. */
    pairs: { type: "string", default: "50000" },
    most: { type: "string", default: "10" },
    /** Prints each text before it is sent: which one does a server die of? */
    verbose: { type: "boolean", default: false },
  },
});

const RECORDS = 16;
/** Texts until the records are written anew. */
const ROUND = 50;
const NO_FAIL = 0x10;

const host = process.env["AEROSPIKE_HOSTS"];
if (host === undefined) throw new Error("AEROSPIKE_HOSTS is not set: name a server to compare with");
await using emulator = await Emulator.start();
const one = await openWire(emulator.hosts);
const other = await openWire(host);
const setName = `ael${Date.now().toString(36)}`;
const keys: RecordKey[] = Array.from({ length: RECORDS }, (_, place) => makeKey("test", setName, `r${place}`));

let seed = Number(values.seed);
let texts = 0;
let pairs = 0;
let values82 = 0;
let skipped = 0;
let differences = 0;
let answers = 0;
const started = performance.now();

while (pairs < Number(values.pairs) && differences < Number(values.most)) {
  if (texts % ROUND === 0) await writeRecords(new Random(seed));
  await compareText(seed++);
}
one.close();
other.close();
const seconds = ((performance.now() - started) / 1000).toFixed(0);
print(
  `${texts} texts, ${pairs} pairs, ${answers} with a value, ${values82} texts in two forms, ${skipped} not for this server, ${differences} differences, seeds ${values.seed} to ${seed - 1}, ${seconds} s`,
);
process.exitCode = differences === 0 ? 0 : 1;

async function writeRecords(random: Random): Promise<void> {
  const steps = keys.map((_, record): Step => {
    const operation: RandomOperation = {
      verb: "operate",
      ops: aelRecord(random, SKETCHES),
      how: { recordExists: "replace", sendKey: random.oneIn(2) },
    };
    return { kind: "single", record, operation };
  });
  const [mine, its] = await Promise.all([one.run(steps, keys), other.run(steps, keys)]);
  for (const [i, reply] of mine.entries()) {
    const codes = [reply, its[i]].map((each) => each?.rows[0]?.resultCode);
    if (codes.some((code) => code !== 0)) throw new Error(`a record was not written: ${codes.join(" and ")}`);
  }
}

async function compareText(of: number): Promise<void> {
  const random = new Random(of);
  const { text, type } = new RandomAel(random).text(random.between(1, 4));
  const forms: Uint8Array[] = [];
  for (const target of ["any", "8.2"] as const) {
    const packed = packedFor(text, target);
    if (packed !== undefined && !forms.some((form) => Buffer.from(form).equals(packed))) forms.push(packed);
  }
  const [first, second] = forms;
  if (first === undefined) {
    skipped++;
    return;
  }
  if (second !== undefined) values82++;
  texts++;
  pairs += RECORDS;
  if (values.verbose) print(`${of}: ${text}`);
  // A quarter says in an error what can't be worked out.
  const flags = random.oneIn(4) ? 0 : NO_FAIL;
  const reads = forms.map((packed, i) => expressionReadOp(`r${i}`, { packed }, flags));
  const operations: RandomOperation[] = [{ verb: "operate", ops: reads, how: {} }];
  if (type === "bool") {
    for (const filter of forms) operations.push({ verb: "read header", ops: [], how: { filter } });
  }
  const steps = operations.map((operation): Step => {
    return { kind: "batch", rows: keys.map((_, record) => ({ record, operation })), inline: true };
  });
  const mine = alikeNaN(await one.run(steps, keys));
  let its = alikeNaN(await other.run(steps, keys));
  // A server that is busy with other things gives up: it is asked again.
  for (let tries = 0; tries < 10 && its.some(hasTimedOut); tries++) its = alikeNaN(await other.run(steps, keys));
  for (const [i, reply] of mine.entries()) {
    const theirs = its[i];
    const difference = theirs === undefined ? "a reply is missing" : differenceOf(reply, theirs);
    if (difference !== undefined) return tell(of, text, first, `${i === 0 ? "value" : "filter"}, ${difference}`);
  }
  for (const row of its[0]?.rows ?? []) {
    const [a, b] = row?.ops ?? [];
    if (a !== undefined && a.particle !== 0) answers++;
    if (a !== undefined && b !== undefined && a.value !== b.value) {
      return tell(of, text, first, `the server gives two values for the two forms: ${a.value} and ${b.value}`);
    }
  }
}

function hasTimedOut({ rows, batchCode }: StepReply): boolean {
  return batchCode === ResultCode.TIMEOUT || rows.some((row) => row?.resultCode === ResultCode.TIMEOUT);
}

/** Which of the many NaN a calculation gives hangs on the processor. */
function alikeNaN(replies: readonly StepReply[]): StepReply[] {
  return replies.map(({ rows, batchCode }) => {
    const alike = rows.map((row) => {
      if (row === undefined) return row;
      const ops = row.ops.map((op) => {
        const isNotNumber =
          op.particle === ParticleType.DOUBLE && Number.isNaN(Buffer.from(op.value, "hex").readDoubleBE());
        return isNotNumber ? { ...op, value: "NaN" } : op;
      });
      return { ...row, ops };
    });
    return { rows: alike, batchCode };
  });
}

function packedFor(text: string, target: AelTarget): Uint8Array | undefined {
  const node: ExpNode = resolveExpression(compileTree(parseText(text), [], { target }).node);
  if (neededVersion(node).version.startsWith("8.2")) return undefined;
  const w = new Writer(256);
  packNode(w, node);
  return w.copy();
}

function tell(of: number, text: string, packed: Uint8Array, what: string): void {
  differences++;
  print(`\nseed ${of}, emulator and server: ${what}\n  ${text}\n  ${Buffer.from(packed).toString("hex")}`);
}

function openWire(address: string): Promise<Wire> {
  const colon = address.lastIndexOf(":");
  return Wire.open(address.slice(0, colon), Number(address.slice(colon + 1)));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
