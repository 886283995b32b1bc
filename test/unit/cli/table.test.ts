import stringWidth from "fast-string-width";
import pc from "picocolors";
import { expect, test } from "vitest";
import { renderTable } from "../../../cli/output/table.js";

const plain = pc.createColors(false);

test("columns are as wide as they need", () => {
  const table = renderTable(
    ["name", { head: "n", align: "right" }],
    [
      ["Ada", "1"],
      ["Bartholomew", "12"],
    ],
    80,
    plain,
  );
  expect(table).toBe("name          n\nAda           1\nBartholomew  12");
});

test.each([40, 60, 80, 200])("nothing is wider than a terminal of %i columns, and nothing is lost", (width) => {
  const long = "abcdefghij".repeat(12);
  const table = renderTable(
    ["key", "value", "other"],
    [
      ["k1", long, "Straße 漢字"],
      ["k2", "short", "x"],
    ],
    width,
    plain,
  );
  for (const line of table.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  expect(table.replace(/k1|\s/g, "")).toContain("k2");
  expect([...table].filter((char) => char === "j")).toHaveLength(12);
});

test("too many columns for the terminal make a paragraph of each row", () => {
  const heads = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const table = renderTable(heads, [heads.map((head) => head.repeat(20))], 60, plain);
  expect(table.split("\n")[0]).toBe(`a  ${"a".repeat(20)}`);
  expect(table.split("\n")).toHaveLength(8);
});

test("too many columns for the terminal make columns of few rows, beside the heads", () => {
  const heads = ["node", "address", "version", "masters", "records", "uptime"];
  const rows = ["A1", "A2"].map((node) => [node, "127.0.0.1:3000", "8.1.2.0", "2,731/8,192", "3,250", "2 min 24 s"]);
  expect(renderTable(heads, rows, 50, plain).split("\n").slice(0, 2)).toEqual([
    "node     A1              A2",
    "address  127.0.0.1:3000  127.0.0.1:3000",
  ]);
  expect(renderTable(heads, rows, 35, plain)).toContain("uptime   2 min 24 s\n\nnode     A2\n");
});

test("without a width nothing is folded", () => {
  expect(renderTable(["v"], [["x".repeat(500)]], undefined, plain).split("\n")).toHaveLength(2);
});

test("no value reaches the terminal as an order to it", () => {
  const table = renderTable(["v"], [["\u001b[2Jgone\r\n\u009b1A\u202e"]], 80, plain);
  expect(table).toBe("v\n\\x1b[2Jgone\\r\\n\\x9b1A\\u202e");
});
