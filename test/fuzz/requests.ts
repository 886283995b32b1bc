import { RequestFuzzer } from "../support/fuzz/request-fuzzer.js";
import { runCases } from "./run-cases.js";

// Damaged requests to the emulator.
//   node --import tsx test/fuzz/requests.ts --seed 1 --cases 10000000

await using fuzzer = await RequestFuzzer.open();
await runCases(fuzzer);
