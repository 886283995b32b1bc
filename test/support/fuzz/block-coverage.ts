import { Session } from "node:inspector";

/** What a look shows of a function, by place of its characters: 1 where they have run. */
type Painted = readonly [name: string, characters: Uint8Array];

/** Which parts of the program have run, as V8 counts them: what reaches a new one is worth going on from. */
export class BlockCoverage implements Disposable {
  readonly #session = new Session();
  /** Blocks are merged where they have run equally often, so characters are what can be compared. */
  readonly #known = new Map<string, Uint8Array>();
  readonly #isOurs: (url: string) => boolean;

  /** @param isOurs whether a file matters */
  constructor(isOurs: (url: string) => boolean) {
    this.#isOurs = isOurs;
    this.#session.connect();
    this.#post("Profiler.enable");
    this.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** How many characters of the program have ever run. */
  get size(): number {
    let size = 0;
    for (const characters of this.#known.values()) for (const character of characters) size += character;
    return size;
  }

  /** Functions in which something ran since the last look that never ran before. It stays new until {@link keep}. */
  look(): Painted[] {
    const fresh: Painted[] = [];
    const { result } = this.#post("Profiler.takePreciseCoverage") as { result: readonly ScriptCoverage[] };
    for (const { url, scriptId, functions } of result) {
      if (!this.#isOurs(url)) continue;
      for (const { ranges } of functions) {
        const [whole] = ranges;
        if (whole === undefined || whole.count === 0) continue;
        const name = `${scriptId} ${whole.startOffset}`;
        const characters = new Uint8Array(whole.endOffset - whole.startOffset);
        // From without to within.
        for (const { startOffset, endOffset, count } of ranges) {
          characters.fill(count > 0 ? 1 : 0, startOffset - whole.startOffset, endOffset - whole.startOffset);
        }
        const known = this.#known.get(name);
        if (known === undefined || characters.some((character, at) => character > known[at]!)) {
          fresh.push([name, characters]);
        }
      }
    }
    return fresh;
  }

  keep(fresh: readonly Painted[]): void {
    for (const [name, characters] of fresh) {
      const known = this.#known.get(name);
      if (known === undefined) this.#known.set(name, characters);
      else for (let at = 0; at < known.length; at++) known[at]! |= characters[at]!;
    }
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }

  /** The session is in this process: what it replies is there when this returns. */
  #post(method: string, params?: object): unknown {
    let reply: unknown;
    this.#session.post(method, params, (error, result) => {
      if (error !== null) throw error;
      reply = result;
    });
    return reply;
  }
}

interface ScriptCoverage {
  readonly url: string;
  readonly scriptId: string;
  readonly functions: readonly {
    readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
  }[];
}
