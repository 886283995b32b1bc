import { describe, expect, it } from "vitest";
import { applyBits } from "../../../../emulator/bits/index.js";
import { exchanges, recordedReply, TinyServer } from "../cdt/recorded.js";

describe("bits.json", () => {
  const server = new TinyServer({ bits: applyBits });
  it.each(exchanges("bits").map((exchange) => [`${exchange.id} ${exchange.title}`, exchange] as const))(
    "%s",
    (_, exchange) => {
      expect(server.run(exchange)).toEqual(recordedReply(exchange));
    },
  );
});
