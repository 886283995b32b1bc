import { describe, expect, it } from "vitest";
import { describeLeft, stopOnNodes } from "../../../../src/background/stop-job.js";
import type { NodeStart } from "../../../../src/background/task-errors.js";
import { ConnectionError } from "../../../../src/errors/errors.js";

const STARTED: NodeStart = { node: "A", outcome: "started" };
const IN_DOUBT: NodeStart = { node: "B", outcome: "inDoubt" };

describe("stopOnNodes", () => {
  it("asks only the nodes where the job runs or may run", async () => {
    const asked: string[] = [];
    const starts: NodeStart[] = [
      STARTED,
      IN_DOUBT,
      { node: "C", outcome: "refused" },
      { node: "D", outcome: "noSuchSet" },
    ];
    const left = await stopOnNodes(starts, async (node) => {
      asked.push(node);
      return true;
    });
    expect(asked).toEqual(["A", "B"]);
    expect(left).toEqual([]);
  });

  it("takes a job that started and is not active for ended, and one that is in doubt for still on its way", async () => {
    expect(await stopOnNodes([STARTED, IN_DOUBT], async () => false)).toEqual(["B"]);
  });

  it("tries again when the connection breaks, once", async () => {
    let failures = 1;
    const abort = async (): Promise<boolean> => {
      if (failures-- > 0) throw new ConnectionError("gone");
      return true;
    };
    expect(await stopOnNodes([STARTED], abort)).toEqual([]);
    failures = 2;
    expect(await stopOnNodes([STARTED], abort)).toEqual(["A"]);
  });
});

describe("describeLeft", () => {
  it("names the nodes where the task may still run", () => {
    expect(describeLeft([])).toBe("and was stopped where it had");
    expect(describeLeft(["A", "B"])).toBe("and was stopped where it had, but it may still run on node A, B");
  });
});
