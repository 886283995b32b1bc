/** A program that uses types of every entry of the package: it has to compile, and its mistakes must not. */
export const TYPED_PROGRAM = `
import { AerospikeError, Behavior, connect, CTX, DataSet, Exp, type ExecuteTask, Filter, PathSelectFlags, type Session, type TaskSummary } from "aerowire";
import { ael, AelParseError, explainAel, type PreparedAel, prepareAel } from "aerowire/ael";
import { Emulator } from "aerowire/emulator";
import { packed, packedBin, unpacked } from "aerowire/packed";
import { withAerospike } from "aerowire/workers";

interface User { name: string; age: number; active: boolean; score?: number }
const users = DataSet.of<User>("test", "users");

export async function birthday(session: Session, signal: AbortSignal): Promise<TaskSummary> {
  const task: ExecuteTask = await session
    .backgroundTask()
    .update(users)
    .where("$.active == true and $.age > ?0", 30)
    .filter(Filter.range("age", 30, 40))
    .bin("score").add(1)
    .recordsPerSecond(5_000)
    .expireRecordAfterSeconds(60)
    .execute({ signal });
  const seen: unknown[] = [];
  for await (const { percent, perNode } of task) seen.push(percent, Object.keys(perNode));
  return task.waitTillComplete({ totalTimeout: 60_000 });
}

export async function main(): Promise<number> {
  await using emulator = await Emulator.start({ nodes: 3 });
  await using client = await connect(emulator.hosts, { tls: { minVersion: "TLSv1.2" } });
  const session = client.createSession(Behavior.DEFAULT.deriveWithChanges("patient", { all: { totalTimeout: 60_000 } }));
  try {
    const { bins, ttl } = await session.get(users.id(1));
    return bins.age + ttl;
  } catch (error) {
    return error instanceof AerospikeError ? error.resultCode : -1;
  }
}

const olderThan: PreparedAel = prepareAel("$.age > ?0");
export const older = (session: Session) => session.query(users).where(olderThan, 30).count();
export const named = (session: Session, name: string) => session.query(users).where(ael\`$.name == \${name}\`).count();
export function reads(text: string): readonly string[] | undefined {
  try {
    return explainAel(text).bins.map(({ name }) => name);
  } catch (error) {
    if (error instanceof AelParseError) return undefined;
    throw error;
  }
}

export const adult: Exp<"bool"> = Exp.ge(Exp.intBin("age"), Exp.intVal(18));
export const amounts: Exp<"list"> = Exp.selectByPath("list", PathSelectFlags.VALUES, Exp.mapBin("stock"), CTX.allChildren());

interface Profile { since: Date; visits: Map<string, number> }
const members = DataSet.of("test", "members", { bins: { profile: packedBin<Profile>({ shapes: [["since", "visits"]] }) } });
export async function visits(session: Session): Promise<number | undefined> {
  await session.put(members.id(1), { profile: { since: new Date(), visits: new Map() } });
  return (await session.get(members.id(1))).bins.profile?.visits.get("home");
}
export const bytes: Uint8Array = packed(unpacked(Uint8Array.of(1)));
export const worker = withAerospike;

// @ts-expect-error what is packed is of another type
export const wrongPacked = (session: Session) => session.put(members.id(1), { profile: { since: 1 } });
// @ts-expect-error a bin that the records don't have
export const wrongBin = (session: Session) => session.backgroundTask().update(users).bin("agee");
// @ts-expect-error a value of another type
export const wrongType = (session: Session) => session.backgroundTask().update(users).bin("name").setTo(1);
// @ts-expect-error a job that deletes has no bins to write
export const wrongVerb = (session: Session) => session.backgroundTask().delete(users).bin("name");
`;
