import type { TestProject } from "vitest/node";

/** Tests against the server that AEROSPIKE_HOSTS names. */
export default function start(project: TestProject): void {
  const hosts = process.env["AEROSPIKE_HOSTS"];
  if (hosts === undefined || hosts === "") throw new Error("AEROSPIKE_HOSTS names no server");
  project.provide("hosts", hosts);
}
