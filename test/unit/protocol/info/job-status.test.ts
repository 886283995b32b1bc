import { describe, expect, it } from "vitest";
import { queryAbort, queryShow, queryShowAll } from "../../../../protocol/info/job-commands.js";
import { parseJobList, parseJobStatus } from "../../../../protocol/info/job-status.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";

const RUNNING =
  "trid=18446744073709551615:ns=test:rps=100:active-threads=2:status=active(ok):job-progress=12.34:run-time=1500:time-since-done=0:recs-throttled=9:recs-filtered-meta=1:recs-filtered-bins=2:recs-succeeded=3:recs-failed=4:from=2001+db8++1+3000:job-type=background-ops:net-io-bytes=30:socket-timeout=10000:ops-active=5";

describe("parseJobStatus", () => {
  it("reads a running job", () => {
    expect(parseJobStatus(RUNNING)).toEqual({
      taskId: 2n ** 64n - 1n,
      namespace: "test",
      setName: undefined,
      indexName: undefined,
      status: "active(ok)",
      done: false,
      outcome: "ok",
      progress: 12.34,
      runTimeMs: 1500,
      timeSinceDoneMs: 0,
      recordsPerSecond: 100,
      activeThreads: 2,
      throttled: 9,
      filteredMeta: 1,
      filteredBins: 2,
      succeeded: 3,
      failed: 4,
      jobType: "background-ops",
      from: "2001:db8::1:3000",
      udfPackage: undefined,
      udfFunction: undefined,
    });
  });

  it.each([
    ["done(ok)", true, "ok"],
    ["done(user-aborted)", true, "user-aborted"],
    ["done(abandoned-response-timeout)", true, "abandoned-response-timeout"],
    ["active(ok)", false, "ok"],
    ["DONE", true, "ok"],
    ["IN_PROGRESS", false, "ok"],
  ])("reads the status %s", (status, done, outcome) => {
    expect(parseJobStatus(`trid=1:ns=n:status=${status}`)).toMatchObject({ status, done, outcome });
  });

  it("names set and index", () => {
    const text = "trid=1:ns=n:set=s:sindex-name=i:status=active(ok)";
    expect(parseJobStatus(text)).toMatchObject({ setName: "s", indexName: "i" });
  });

  it.each([
    "",
    "ns=test",
    "trid=1:ns=n",
    "trid=x:status=done(ok)",
    "trid=-1:status=done(ok)",
    "trid=1:status=done(ok):recs-failed=many",
  ])("refuses %j", (text) => {
    expect(() => parseJobStatus(text)).toThrow(ProtocolError);
  });
});

describe("parseJobList", () => {
  it("reads none, one and several", () => {
    expect(parseJobList("")).toEqual([]);
    expect(parseJobList(RUNNING)).toEqual([parseJobStatus(RUNNING)]);
    expect(
      parseJobList("trid=1:ns=n:status=active(ok);trid=2:ns=n:status=done(ok);").map(({ taskId }) => taskId),
    ).toEqual([1n, 2n]);
  });
});

describe("job commands", () => {
  it("name the id as every server knows it", () => {
    expect([queryShow(7n), queryAbort(2n ** 64n - 1n), queryShowAll()]).toEqual([
      "query-show:trid=7",
      "query-abort:trid=18446744073709551615",
      "query-show",
    ]);
  });

  it.each([0n, -1n, 2n ** 64n])("refuse the id %s", (id) => {
    expect(() => queryShow(id)).toThrow(RangeError);
    expect(() => queryAbort(id)).toThrow(RangeError);
  });
});
