import { describe, expect, it } from "vitest";
import { userAgentSet } from "../../../../protocol/info/user-agent.js";

describe("userAgentSet", () => {
  it("says what the recorded client said", () => {
    expect(userAgentSet("nodejs-6.7.1")).toBe("user-agent-set:value=MSxub2RlanMtNi43LjEsbm90LXNldA==");
    expect(userAgentSet("nodejs-6.7.1", "golden-app")).toBe(
      "user-agent-set:value=MSxub2RlanMtNi43LjEsZ29sZGVuLWFwcA==",
    );
  });

  it("stays below what servers take", () => {
    expect(userAgentSet("c-1", "a".repeat(57)).length).toBe("user-agent-set:value=".length + 84);
    expect(() => userAgentSet("c-1", "a".repeat(58))).toThrow("takes 64 bytes of UTF-8: at most 63 are allowed");
  });

  it("refuses what would be read as another part", () => {
    expect(() => userAgentSet("c,1")).toThrow(TypeError);
    expect(() => userAgentSet("c-1", "a,b")).toThrow("The application is");
    expect(() => userAgentSet("c-1", "\ud800")).toThrow(TypeError);
  });
});
