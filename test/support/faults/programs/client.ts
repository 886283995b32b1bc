// A program of its own, started by process.test.ts: connects to the hosts given and does what it is told. It ends by
// itself, or does not, which is what the test is about.
import { connect, DataSet } from "../../../../src/index.js";

const [hosts = "", what = ""] = process.argv.slice(2);
const set = DataSet.of<{ runs: number }>("test", "programs");

async function open() {
  const client = await connect(hosts);
  return { client, session: client.createSession() };
}

switch (what) {
  case "idle": {
    const { session } = await open();
    await session.put(set.id(1), { runs: 0 });
    const task = await session.backgroundTask().update(set).bin("runs").add(1).execute();
    const { succeeded } = await task.waitTillComplete();
    console.log(`succeeded ${succeeded}`);
    break;
  }
  case "read": {
    const { session } = await open();
    // Nobody awaits it at the top level: the command alone has to hold the process.
    void session.get(set.id(1)).then(({ bins }) => console.log(`runs ${bins.runs}`));
    break;
  }
  case "wait": {
    const { session } = await open();
    const task = await session.backgroundTask().update(set).bin("runs").add(1).execute();
    void task.waitTillComplete().then(({ state }) => console.log(`state ${state}`));
    break;
  }
  case "close": {
    await using client = (await open()).client;
    const session = client.createSession();
    await session.put(set.id(1), { runs: 0 });
    const task = await session.backgroundTask().update(set).bin("runs").add(1).execute();
    await task.waitTillComplete();
    await client.close();
    // What the runtime opens for the output of the program is not ours.
    const left = process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|Immediate/.test(name));
    console.log(`left: ${left.join()}`);
    break;
  }
  case "nobody": {
    await connect(hosts, { failIfNotConnected: false });
    await connect(hosts).catch((error: Error) => console.log(error.name));
    break;
  }
  default:
    throw new Error(`The program can't ${what}`);
}
console.log("end of the program");
