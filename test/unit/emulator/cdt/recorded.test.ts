import { describe, expect, it } from "vitest";
import { applyCdt } from "../../../../emulator/cdt/index.js";
import { exchanges, recordedReply, TinyServer } from "./recorded.js";

describe.each(["lists", "maps"])("%s.json", (file) => {
  const server = new TinyServer({ cdt: applyCdt });
  it.each(exchanges(file).map((exchange) => [`${exchange.id} ${exchange.title}`, exchange] as const))(
    "%s",
    (_, exchange) => {
      expect(server.run(exchange)).toEqual(recordedReply(exchange));
    },
  );
});
