/** A small program as users have them, which bundlers are given. The hosts of its cluster are its argument. */
export const PROGRAM = `
import { connect, DataSet, Exp } from "aerowire";
import { ael, aelOf } from "aerowire/ael";
import { packedBin } from "aerowire/packed";

const client = await connect(process.argv[2]);
const session = client.createSession();
const users = DataSet.of("test", "users", { bins: { profile: packedBin({ shapes: [["born"]] }) } });
const scores = DataSet.of("test", "scores");
await session.put(users.id(1), { profile: { born: new Date(0) } });
for (let id = 0; id < 10; id++) await session.put(scores.id(id), { score: id });
const task = await session.backgroundTask().update(scores).where("$.score >= ?0", 5).bin("score").add(1).execute();
const { succeeded } = await task.waitTillComplete();
const found = await session.query(scores).where(Exp.eq(Exp.intBin("score"), Exp.intVal(10))).count();
const text = aelOf(ael\`$.score > \${5}\`);
const { profile } = (await session.get(users.id(1))).bins;
const refused = await session.get(users.id(2)).catch((error) => error.name);
await client.close();
console.log(JSON.stringify({ succeeded, found, born: profile.born.getTime(), refused, text }));
`;

export const PROGRAM_SAYS = { succeeded: 5, found: 1, born: 0, refused: "RecordNotFoundError", text: "$.score > 5" };
