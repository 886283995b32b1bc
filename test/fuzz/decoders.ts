import { BlockCoverage } from "../support/fuzz/block-coverage.js";
import { DecoderFuzzer } from "../support/fuzz/decoder-fuzzer.js";
import { runCases } from "./run-cases.js";

// Damaged bytes for everything that reads those of others, guided by what they reach in the program.
//   npm run fuzz:decoders -- --cases 10000000

const program = process.argv[1] ?? "";
using guide = new BlockCoverage((url) => url.endsWith(program));
const fuzzer = new DecoderFuzzer(guide);
const [reached, seeds] = [guide.size, fuzzer.corpusSize];
await runCases(fuzzer);
console.log(
  `characters of the program that ran: ${reached} by ${seeds} seeds, ${guide.size} in all; ${fuzzer.corpusSize} inputs to go on from`,
);
