import type { TestProject } from "vitest/node";
import { Emulator } from "../../emulator/index.js";

/** Tests against an emulator of as many nodes as the project asks for. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const emulator = await Emulator.start({
    nodes: project.config.provide.nodes ?? 1,
    // Files share it: a hundred queries of one must not have a job of another refused.
    queryThreadsLimit: 1_024,
  });
  project.provide("hosts", emulator.hosts);
  return () => emulator.close();
}
