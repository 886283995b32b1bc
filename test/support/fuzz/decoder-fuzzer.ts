import { WatchedAllocations } from "../faults/watched-allocations.js";
import { Random } from "../random/random.js";
import type { BlockCoverage } from "./block-coverage.js";
import { DECODERS, foreignError } from "./decoders.js";
import { tweak } from "./tweak.js";

/** One in so many cases is watched for what it allocates. */
const WATCHED = 16;
/** The largest array that bytes may make a decoder allocate: so much, and so many times their own size. */
const MOST_BYTES = 64 * 1024;
const MOST_TIMES = 16;
/** Longer ones take time and show no more. */
const LONGEST = 2_048;
/** Cases between two looks at what was reached. */
const BATCH = 400;

/** Bytes that a decoder fails on with what is no error of its own, or that it makes more room for than they need. */
export interface DecoderFinding {
  readonly decoder: string;
  readonly text: string;
  /** Hexadecimal. */
  readonly bytes: string;
}

interface Case {
  readonly place: number;
  readonly bytes: Uint8Array;
}

/**
 * Damaged bytes for everything that reads those of others. With a guide, bytes that reach a new block of the program are
 * damaged further.
 */
export class DecoderFuzzer {
  /** By place of the decoder. */
  readonly #corpora: Uint8Array[][] = DECODERS.map((decoder) =>
    decoder.seeds().filter(({ length }) => length <= LONGEST),
  );
  readonly #guide: BlockCoverage | undefined;
  #batch: Case[] = [];
  /** How cases ended: "ok" where the decoder could read them. */
  readonly outcomes = new Map<string, number>();

  constructor(guide?: BlockCoverage) {
    this.#guide = guide;
    if (guide === undefined) return;
    this.#corpora.forEach((corpus, place) => {
      for (const bytes of corpus) judge(place, bytes);
    });
    guide.keep(guide.look());
  }

  /** Bytes that are damaged further. */
  get corpusSize(): number {
    return this.#corpora.reduce((sum, { length }) => sum + length, 0);
  }

  /** One case. Without a guide it depends on the seed alone. */
  async run(seed: number): Promise<DecoderFinding | undefined> {
    const random = new Random(seed);
    const place = random.below(DECODERS.length);
    const corpus = this.#corpora[place]!;
    const bytes = tweak(random.pick(corpus), random, corpus);
    const outcome = random.oneIn(WATCHED) ? watched(place, bytes) : judge(place, bytes);
    if (outcome !== "ok" && outcome !== "refused") {
      return { decoder: DECODERS[place]!.name, text: outcome, bytes: Buffer.from(bytes).toString("hex") };
    }
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (this.#guide !== undefined) {
      this.#batch.push({ place, bytes });
      if (this.#batch.length >= BATCH) this.#learn(this.#guide);
    }
    return undefined;
  }

  /** Looks at what the batch has reached; if anything was new, for the cases that did it. */
  #learn(guide: BlockCoverage): void {
    const batch = this.#batch;
    this.#batch = [];
    const all = guide.look();
    if (all.length === 0) return;
    this.#find(guide, batch);
    // What only the fuzzer itself has run is of no interest again.
    guide.keep(all);
  }

  /** Looks at halves of the cases, and at halves of these, as long as something new is in them. */
  #find(guide: BlockCoverage, cases: readonly Case[]): void {
    for (const { place, bytes } of cases) judge(place, bytes);
    const fresh = guide.look();
    if (fresh.length === 0) return;
    const [only] = cases;
    if (only !== undefined && cases.length === 1) {
      guide.keep(fresh);
      this.#corpora[only.place]!.push(only.bytes);
      return;
    }
    const half = cases.length >> 1;
    this.#find(guide, cases.slice(0, half));
    this.#find(guide, cases.slice(half));
  }
}

/** "ok", "refused", or what is wrong. */
export function judge(place: number, bytes: Uint8Array): string {
  try {
    DECODERS[place]!.decode(bytes);
  } catch (error) {
    return foreignError(error) ?? "refused";
  }
  return Object.keys(Object.prototype).length > 0 ? "the prototype of all objects was changed" : "ok";
}

function watched(place: number, bytes: Uint8Array): string {
  using allocations = new WatchedAllocations();
  const outcome = judge(place, bytes);
  if (allocations.largest <= MOST_BYTES + MOST_TIMES * bytes.length) return outcome;
  return `it makes room for ${allocations.largest} for ${bytes.length} bytes`;
}
