import { describe, expect, it } from "vitest";
import { userAgentSet } from "../../../../protocol/info/user-agent.js";

/** What a server reads of the command. */
function sent(command: string): Buffer {
  return Buffer.from(command.slice("user-agent-set:value=".length), "base64");
}

describe("userAgentSet", () => {
  it("says what the recorded client said", () => {
    expect(userAgentSet("nodejs-6.7.1", "not-set")).toBe("user-agent-set:value=MSxub2RlanMtNi43LjEsbm90LXNldA==");
    expect(userAgentSet("nodejs-6.7.1", "golden-app")).toBe(
      "user-agent-set:value=MSxub2RlanMtNi43LjEsZ29sZGVuLWFwcA==",
    );
  });

  it("is cut off at what servers take, and not in the middle of a letter", () => {
    expect(sent(userAgentSet("c-1", "a".repeat(57)))).toHaveLength(63);
    expect(String(sent(userAgentSet("c-1", "a".repeat(58))))).toBe(`1,c-1,${"a".repeat(57)}`);
    expect(String(sent(userAgentSet("c-1", `${"a".repeat(56)}ü`)))).toBe(`1,c-1,${"a".repeat(56)}`);
  });
});
