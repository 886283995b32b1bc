import { parseArgs } from "node:util";
import { makeKey } from "../../protocol/key/make-key.js";
import { AerospikeError, connect, DataSet } from "../../src/index.js";
import { Random } from "../support/random/random.js";
import { RandomAel } from "../support/random/random-ael.js";
import { floatText, intText, stringText } from "../support/random/random-ael-literals.js";
import { aelRecord } from "../support/random/random-ael-record.js";
import { SKETCHES } from "./sketches.js";
import type { Step } from "./step.js";
import { Wire } from "./wire.js";

// Random conditions on the indexed bins of a server: the index that is chosen must not change which records are found.
//   AEROSPIKE_HOSTS=127.0.0.1:3000 node --import tsx test/differential/ael-index.ts --conditions 2000 --seed 1

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, conditions: { type: "string", default: "2000" } },
});

const RECORDS = 300;
const host = process.env["AEROSPIKE_HOSTS"];
if (host === undefined) throw new Error("AEROSPIKE_HOSTS is not set: name a server to ask");
const setName = `aelx${Date.now().toString(36)}`;
const data = DataSet.of<Readonly<Record<string, number>>>("test", setName);
await using cluster = await connect(host);
const session = cluster.createSession();
await fill(new Random(Number(values.seed)));
const indexes = [
  session.index(data).onBin("i").named(`${setName}i`).integer(),
  session.index(data).onBin("j").named(`${setName}j`).integer(),
  session.index(data).onBin("s").named(`${setName}s`).string(),
  session.index(data).onBin("n").named(`${setName}n`).integer().collection("list"),
  session.index(data).onBin("w").named(`${setName}w`).string().collection("list"),
  session.index(data).onBin("m").named(`${setName}m`).string().collection("mapKeys"),
];
const built = await Promise.all(indexes.map((index) => index.create()));
await Promise.all(built.map((task) => task.waitTillComplete({ totalTimeout: 60_000 })));

let conditions = 0;
let indexed = 0;
let found = 0;
let differences = 0;
let seed = Number(values.seed);
for (; conditions < Number(values.conditions) && differences < 10; seed++) {
  const text = condition(new Random(seed));
  try {
    const { index } = await session.query(data).where(text).explain();
    if (index !== undefined) indexed++;
    else if (seed % 10 !== 0) continue;
  } catch (error) {
    if (error instanceof AerospikeError && error.code === "AEL_PARSE") continue;
    throw error;
  }
  conditions++;
  const [withIndex, without] = await Promise.all([digests(text, true), digests(text, false)]);
  found += without.length;
  if (withIndex.join() === without.join()) continue;
  differences++;
  print(`seed ${seed}: ${withIndex.length} records with an index, ${without.length} without\n  ${text}`);
}
for (const index of indexes) await index.drop();
print(`${conditions} conditions, ${indexed} with an index, ${found} records, ${differences} differences`);
process.exitCode = differences === 0 && found > 0 ? 0 : 1;

async function digests(text: string, mayUseIndex: boolean): Promise<string[]> {
  // Every record has it: those with none of the bins asked for are left out.
  const asked = session.query(data).where(text).bins("x");
  const query = mayUseIndex ? asked : asked.withoutIndex();
  const rows: string[] = [];
  for await (const { key } of await query.execute()) rows.push(Buffer.from(key.digest).toString("hex"));
  return rows.sort();
}

/** Something that an index may answer, with anything beside it. */
function condition(random: Random): string {
  const simple = (): string => {
    const op = random.pick(["==", "<", "<=", ">", ">=", "!="]);
    return random.pick([
      `$.i ${op} ${intText(random)}`,
      `$.j + ${random.between(-2, 3)} ${op} ${intText(random)}`,
      `$.i * ${random.between(1, 3)} ${op} ${intText(random)}`,
      `$.i:NUMBER ${op} ${floatText(random)}`,
      `$.s == ${stringText(random)}`,
      `$.i in [${intText(random)}, ${intText(random)}]`,
      `$.s in [${stringText(random)}, ${stringText(random)}]`,
      `${intText(random)} in $.n`,
      `${stringText(random)} in $.w`,
      `$.n.[=${intText(random)}].exists()`,
      `$.m.${random.pick(["a", "b", "l"])}.exists()`,
      `$.i between ${random.between(-3, 2)} and ${random.between(0, 6)}`,
    ]);
  };
  const other = (): string => `(${new RandomAel(random).of("bool", 2, false)})`;
  return random.pick([
    () => simple(),
    () => `${simple()} and ${simple()}`,
    () => `${simple()} and ${other()}`,
    () => `${other()} and ${simple()} and ${simple()}`,
    () => `(${simple()} or ${simple()}) and ${simple()}`,
    () => `not(${simple()}) and ${simple()}`,
    () => `${simple()} or ${other()}`,
    () => other(),
  ])();
}

async function fill(random: Random): Promise<void> {
  const keys = Array.from({ length: RECORDS }, (_, i) => makeKey("test", setName, i));
  const colon = host!.lastIndexOf(":");
  const wire = await Wire.open(host!.slice(0, colon), Number(host!.slice(colon + 1)));
  const steps = keys.map((_, record): Step => {
    return { kind: "single", record, operation: { verb: "operate", ops: aelRecord(random, SKETCHES), how: {} } };
  });
  for (const { rows } of await wire.run(steps, keys)) {
    if (rows[0]?.resultCode !== 0) throw new Error(`a record was not written: ${rows[0]?.resultCode}`);
  }
  wire.close();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
