import { HostBytes, HostGeoJson, HostList, HostMap } from "./host-value.js";

/** A place in a list or map, and the object around it. */
const PLACE = 16;
const ENTRY = 48;
const OBJECT = 64;

/** Bytes that an object takes by itself, without what it holds. */
export function ownBytes(object: object | undefined): number {
  if (object instanceof HostList) return OBJECT + PLACE * object.items.length;
  if (object instanceof HostMap) return OBJECT + ENTRY * object.size;
  if (object instanceof HostBytes) return OBJECT + object.capacity;
  if (object instanceof HostGeoJson) return OBJECT + object.text.length;
  return OBJECT;
}

/** Bytes that objects take with all that they hold, each counted once. */
function bytesOf(objects: Iterable<object>): number {
  const seen = new Set<object>();
  const left: unknown[] = [...objects];
  let bytes = 0;
  const take = (values: readonly unknown[]): void => {
    for (const value of values) {
      if (typeof value === "string") bytes += value.length;
      else if (typeof value === "object" && value !== null) left.push(value);
    }
  };
  while (left.length > 0) {
    const object = left.pop();
    if (typeof object !== "object" || object === null || seen.has(object)) continue;
    seen.add(object);
    bytes += ownBytes(object);
    if (object instanceof HostList) take(object.items);
    else if (object instanceof HostMap) {
      take(object.keys);
      take(object.values);
    }
  }
  return bytes;
}

/** What a function has used up. Nothing in Lua can catch it. */
export class LimitReached extends Error {
  override readonly name = "LimitReached";
}

/** What is measured. */
export interface Measured {
  /** Bytes that Lua itself has taken. */
  readonly luaBytes: number;
  /** The objects that Lua holds. */
  readonly objects: Iterable<object>;
  /** Makes Lua let go of what nothing in it refers to any more. */
  collect(): void;
}

/**
 * Holds lists, maps and bytes, which live outside of Lua's own memory, to a limit in all. Growth is counted as it comes;
 * what is left of it is found out only when the count reaches the limit, by going through all that Lua still holds.
 */
export class HostMeter {
  readonly #limit: number;
  readonly #measured: Measured;
  #bytes = 0;
  #next: number;

  constructor(limit: number, measured: Measured) {
    this.#limit = limit;
    this.#measured = measured;
    this.#next = limit;
  }

  /** @throws LimitReached */
  grow(bytes: number): void {
    this.#bytes += bytes;
    this.check();
  }

  /** For when Lua's own memory may have grown. @throws LimitReached */
  check(): void {
    if (this.#bytes + this.#measured.luaBytes > this.#next) this.#measure();
  }

  #measure(): void {
    const measured = this.#measured;
    measured.collect();
    this.#bytes = bytesOf(measured.objects);
    const total = this.#bytes + measured.luaBytes;
    if (total > this.#limit) throw new LimitReached(`more than ${this.#limit} bytes of memory`);
    // Not at every step where little is left.
    this.#next = Math.max(this.#limit, total + this.#limit / 16);
  }
}
