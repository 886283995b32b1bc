import { describe, expect, it } from "vitest";
import { ServerVersion } from "../../../../protocol/info/server-version.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";

describe("ServerVersion", () => {
  it.each([
    ["8.1.2.0", [8, 1, 2, 0]],
    ["8.1.2.0-rc1", [8, 1, 2, 0]],
    ["8.1.2.0-start-16-gf00", [8, 1, 2, 0]],
    ["7.2", [7, 2, 0, 0]],
    ["6", [6, 0, 0, 0]],
    ["6.4.0.10", [6, 4, 0, 10]],
  ])("reads %s", (text, numbers) => {
    const { major, minor, patch, build } = ServerVersion.parse(text);
    expect([major, minor, patch, build]).toEqual(numbers);
    expect(String(ServerVersion.parse(text))).toBe(text);
  });

  it.each(["", "abc", "-1.2", ".1", "9999999.1", "ERROR:4:x"])("refuses %j", (text) => {
    expect(() => ServerVersion.parse(text)).toThrow(ProtocolError);
  });

  it("compares number by number", () => {
    const sorted = ["6.4.0.9", "6.4.0.10", "7.0.0.0", "7.2.0.1", "8.1.2.0", "8.10.0.0", "10.0.0.0"].map(
      ServerVersion.parse,
    );
    for (let i = 1; i < sorted.length; i++) {
      expect(sorted[i - 1]!.compare(sorted[i]!)).toBeLessThan(0);
      expect(sorted[i]!.compare(sorted[i - 1]!)).toBeGreaterThan(0);
    }
    expect(ServerVersion.parse("8.1.2.0-rc1").compare(new ServerVersion(8, 1, 2))).toBe(0);
  });

  it("says whether it is recent enough", () => {
    const version = ServerVersion.parse("8.1.2.0");
    expect([
      version.isAtLeast(8),
      version.isAtLeast(8, 1, 2),
      version.isAtLeast(8, 1, 2, 1),
      version.isAtLeast(9),
    ]).toEqual([true, true, false, false]);
  });

  it("writes itself when made of numbers", () => {
    expect(String(new ServerVersion(7, 1))).toBe("7.1.0.0");
  });
});
