import { ReplyFuzzer } from "../support/fuzz/reply-fuzzer.js";
import { runCases } from "./run-cases.js";

// Damaged replies to everything that a client asks of a cluster.
//   node --import tsx test/fuzz/replies.ts --seed 1 --cases 10000000

await using fuzzer = await ReplyFuzzer.open();
await runCases(fuzzer);
