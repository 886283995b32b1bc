import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AelTarget, compileTree, parseText } from "../../../ael/index.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import type { ExpNode } from "../../../protocol/exp/node.js";
import { packNode } from "../../../protocol/exp/pack.js";
import { resolveExpression } from "../../../protocol/exp/resolve.js";
import { neededVersion } from "../../../protocol/exp/version.js";
import { ServerVersion } from "../../../protocol/info/server-version.js";

// Texts of server 8.2 with the bytes that its compiler makes of them, and the oldest server that runs these.

interface ServerText {
  readonly text: string;
  readonly since: string;
  readonly bytes: string;
  /** Sent as it is, for the server to compile. */
  readonly asText?: boolean;
}

const texts: readonly ServerText[] = JSON.parse(
  readFileSync(new URL("../../vectors/ael-8.2.json", import.meta.url), "utf8"),
);

function compiled(text: string, target: AelTarget): ExpNode {
  return resolveExpression(compileTree(parseText(text), [], { target }).node);
}

function bytesOf(node: ExpNode): string {
  const w = new Writer(64);
  packNode(w, node);
  return Buffer.from(w.copy()).toString("hex");
}

/** What is sent where servers before 8.2 can work it out in another form. */
const OLDER: Readonly<Record<string, readonly [since: string, bytes: string]>> = {
  "$.age in [35, 36]": ["6.1", "957f010093160d935102a3616765927e922324"],
  "'hot' in $.tags": ["6.1", "957f010093160da403686f74935104a474616773"],
  "$.a.exists()": ["6.0", "93029252a16100"],
  "$.m:MAP.count() > 2": ["6.0", "9303957f02009160935105a16d02"],
  "$.l:LIST.*[?(@ > 400)].count() >= 1": [
    "8.1.1",
    "9304957f02009110957f040093ccfe92049303937a0201cd019001935104a16c01",
  ],
  "$.l.[0:2].name": ["8.1.1", "957f040093ccfe94049305937a02020222a5036e616d6511935104a16c"],
  "$.s =~ /^hel/i": ["6.0", "940703a45e68656c935103a173"],
};

describe("texts of server 8.2", () => {
  for (const { text, since, bytes, asText } of texts) {
    if (asText === true) {
      test(`${text}, sent as text`, () => {
        expect(bytesOf({ kind: "text", type: undefined, text })).toBe(bytes);
      });
      continue;
    }
    test(text, () => {
      const ours = compiled(text, "8.2");
      expect(bytesOf(ours)).toBe(bytes);
      expect(neededVersion(ours).version).toBe(since);
      const sent = compiled(text, "any");
      const [version, older] = OLDER[text] ?? [since, bytes];
      expect(bytesOf(sent)).toBe(older);
      expect(neededVersion(sent).version).toBe(version);
    });
  }

  test("no form for older servers needs a newer one than the server's own", () => {
    for (const { text, since, asText } of texts) {
      if (asText === true) continue;
      const sent = ServerVersion.parse(neededVersion(compiled(text, "any")).version);
      expect(sent.compare(ServerVersion.parse(since))).toBeLessThanOrEqual(0);
    }
  });
});
