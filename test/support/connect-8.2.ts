import { Emulator } from "../../emulator/index.js";
import { connectHosts, connectTarget, type TestTarget } from "./connect-target.js";

/**
 * A connection to the server of this run where all its nodes are of 8.2 or newer, else to an emulator that plays two of
 * them: what only these servers do is tested in every run.
 */
export async function connect82(): Promise<TestTarget> {
  const target = await connectTarget();
  if (target.client.supports("stringOperations")) return target;
  await target[Symbol.asyncDispose]();
  const emulator = await Emulator.start({ version: "8.2.0", nodes: 2 });
  const played = await connectHosts(emulator.hosts);
  return {
    ...played,
    async [Symbol.asyncDispose]() {
      await played[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}
