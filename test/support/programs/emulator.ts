// A program of its own with an emulator, started by tests: it ends by itself, or does not, which is what they are about.
import { Emulator } from "../../../emulator/index.js";
import { connect } from "../../../src/index.js";

const [what] = process.argv.slice(2);

switch (what) {
  case "close":
    await (await Emulator.start({ nodes: 2 })).close();
    break;
  case "unref":
    await Emulator.start({ nodes: 2, unref: true });
    break;
  case "register": {
    await using emulator = await Emulator.start();
    await using client = await connect(emulator.hosts);
    const failure = await client.createSession().registerUdf("x = 1", "a.lua").catch(String);
    process.stdout.write(`${failure}\n`);
    break;
  }
  default:
    throw new Error(`The program can't ${what}`);
}
process.stdout.write("done");
