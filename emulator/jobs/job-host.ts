import type { Runtime } from "../../runtime/runtime.js";
import type { UdfHost } from "../command/udf.js";
import type { JobGate } from "../faults/job-gate.js";
import type { JobList } from "./job-list.js";

/** What a query or background job needs of the node that it runs on. */
export interface JobHost {
  /** The node's place in the cluster. */
  readonly index: number;
  readonly runtime: Runtime;
  readonly jobs: JobList;
  /** Where jobs are stopped on purpose. */
  readonly gates: Iterable<JobGate>;
  /** What functions run in; `timeoutMs` 0 for the node's own limit. */
  udfHost(timeoutMs: number): UdfHost;
}
