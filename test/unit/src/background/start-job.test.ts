import { describe, expect, it } from "vitest";
import { type JobStarter, startOnNodes } from "../../../../src/background/start-job.js";
import { ConnectionError, IndexError } from "../../../../src/errors/errors.js";

function starter(change: Partial<JobStarter>): JobStarter {
  return {
    start: async () => "started",
    knows: async () => false,
    pause: async () => undefined,
    ...change,
  };
}

const lostReply = new ConnectionError("Connection lost", { inDoubt: true });

describe("startOnNodes", () => {
  it("starts on all nodes at once", async () => {
    let open = 0;
    let most = 0;
    const result = await startOnNodes(
      ["A", "B", "C"],
      starter({
        async start(node) {
          most = Math.max(most, ++open);
          await Promise.resolve();
          open--;
          return node === "C" ? "noSuchSet" : "started";
        },
      }),
    );
    expect(most).toBe(3);
    expect(result).toEqual([
      { node: "A", outcome: "started" },
      { node: "B", outcome: "started" },
      { node: "C", outcome: "noSuchSet" },
    ]);
  });

  it("takes a refusal for what it is, whatever the other nodes say", async () => {
    const error = new IndexError("No such index");
    const result = await startOnNodes(
      ["A", "B"],
      starter({ start: async (node) => (node === "A" ? Promise.reject(error) : "started") }),
    );
    expect(result).toEqual([
      { node: "A", outcome: "refused", error },
      { node: "B", outcome: "started" },
    ]);
  });

  it("takes a node that could not be reached as refused: nothing was sent", async () => {
    const error = new ConnectionError("Nobody listens");
    const result = await startOnNodes(["A"], starter({ start: () => Promise.reject(error) }));
    expect(result).toEqual([{ node: "A", outcome: "refused", error }]);
  });

  it("asks for the id when the reply was lost, and never sends the request twice", async () => {
    let sent = 0;
    const questions: string[] = [];
    const result = await startOnNodes(
      ["A"],
      starter({
        start() {
          sent++;
          return Promise.reject(lostReply);
        },
        async knows(node) {
          questions.push(node);
          return questions.length === 2;
        },
      }),
    );
    expect(result).toEqual([{ node: "A", outcome: "started" }]);
    expect(sent).toBe(1);
    expect(questions).toEqual(["A", "A"]);
  });

  it("keeps asking through failures, and is in doubt when nobody can tell", async () => {
    let questions = 0;
    const result = await startOnNodes(
      ["A"],
      starter({
        start: () => Promise.reject(lostReply),
        knows() {
          questions++;
          return Promise.reject(new ConnectionError("Still away"));
        },
      }),
    );
    expect(result).toEqual([{ node: "A", outcome: "inDoubt", error: lostReply }]);
    expect(questions).toBeGreaterThan(1);
  });

  it("does not hide a mistake of its own", async () => {
    const broken = starter({ start: () => Promise.reject(new RangeError("broken")) });
    await expect(startOnNodes(["A"], broken)).rejects.toThrow(RangeError);
  });
});
