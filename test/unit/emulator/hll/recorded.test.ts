import { describe, expect, it } from "vitest";
import { applyHll } from "../../../../emulator/hll/index.js";
import { exchanges, recordedReply, TinyServer } from "../cdt/recorded.js";

describe("hll.json", () => {
  const server = new TinyServer({ hll: applyHll });
  it.each(exchanges("hll").map((exchange) => [`${exchange.id} ${exchange.title}`, exchange] as const))(
    "%s",
    (_, exchange) => {
      expect(server.run(exchange)).toEqual(recordedReply(exchange));
    },
  );
});
