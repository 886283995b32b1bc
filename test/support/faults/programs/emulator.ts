// A node in a process of its own, for tests that keep their own process busy: prints its address, and ends with its input.
import { Emulator } from "../../../../emulator/index.js";

const emulator = await Emulator.start({ namespaces: [{ name: "test" }], udf: "none" });
console.log(emulator.hosts);
process.stdin.on("close", () => void emulator.close()).resume();
