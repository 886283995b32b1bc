import type { Lua } from "../../lua/lua.js";
import type { Pointer } from "../../lua/lua-api.js";

const MASK_COUNT = 8;
/** Instructions between two looks at the clock. */
const SLICE = 1000;
/** More than a machine does in a millisecond: ends a loop without end on a clock that stands still meanwhile. */
const MAX_INSTRUCTIONS_PER_MS = 200_000;

/** Ends calls that take too long. */
export class TimeLimit {
  readonly #lua: Lua;
  readonly #now: () => number;
  readonly #hook: Pointer;
  #deadline = 0;
  #instructionsLeft = 0;

  constructor(lua: Lua, now: () => number) {
    this.#lua = lua;
    this.#now = now;
    this.#hook = lua.hook((L) => this.#check(L));
  }

  /** From now on the state's functions end at the deadline. */
  start(L: Pointer, deadline: number): void {
    const left = Math.max(deadline - this.#now(), 0);
    this.#deadline = deadline;
    this.#instructionsLeft = left * MAX_INSTRUCTIONS_PER_MS;
    this.#lua.api._lua_sethook(L, this.#hook, MASK_COUNT, left > 0 ? SLICE : 1);
  }

  #check(L: Pointer): void {
    this.#instructionsLeft -= SLICE;
    if (this.#instructionsLeft < 0 || this.#now() >= this.#deadline) this.#lua.fail(L, "UDF Execution Timeout");
  }
}
