import { test } from "vitest";
import { entriesOf } from "./replay/recorded.js";
import { Replay } from "./replay/replay.js";
const files = (process.env["FILES"] ?? "single-record").split(",");
for (const file of files) test(file, async () => {
  await using replay = await Replay.start();
  let ok=0, bad=0; const groups: Record<string, number>={};
  for (const e of entriesOf(file)) {
    try { await replay.check(e); ok++; } catch (err) { bad++; groups[e.group]=(groups[e.group]??0)+1;
      if (bad <= Number(process.env["MAX"]??15)) console.log(String((err as Error).message).slice(0, Number(process.env["LEN"]??1200)), JSON.stringify((e as any).intent).slice(0,300)); }
  }
  console.log(file, ok, "ok", bad, "bad", groups);
}, 120000);
