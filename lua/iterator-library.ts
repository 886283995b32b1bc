import { ObjectType, pushHostValue } from "./host-stack.js";
import type { HostValue } from "./host-value.js";
import type { Library } from "./library.js";
import type { Lua } from "./lua.js";
import type { Pointer } from "./lua-api.js";

const { ITERATOR } = ObjectType;

type Step = () => readonly HostValue[] | undefined;

/** Where a `for` loop over a list or map stands. */
class HostIterator {
  readonly #step: Step;
  #next: readonly HostValue[] | undefined;

  constructor(step: Step) {
    this.#step = step;
  }

  get hasNext(): boolean {
    this.#next ??= this.#step();
    return this.#next !== undefined;
  }

  next(): readonly HostValue[] | undefined {
    const next = this.#next ?? this.#step();
    this.#next = undefined;
    return next;
  }
}

/** Pushes what a generic `for` takes: a function and the iterator that it is called with. */
export function iterate(lua: Lua, L: Pointer, step: Step): number {
  lua.pushFunction(L, stepFunction(lua));
  lua.pushObject(L, ITERATOR, new HostIterator(step));
  return 2;
}

const stepFunctions = new WeakMap<Lua, Pointer>();

function stepFunction(lua: Lua): Pointer {
  let call = stepFunctions.get(lua);
  if (call === undefined) {
    call = lua.callable((L) => pushNext(lua, L, lua.object(L, 1)));
    stepFunctions.set(lua, call);
  }
  return call;
}

function pushNext(lua: Lua, L: Pointer, object: object | undefined): number {
  const values = object instanceof HostIterator ? object.next() : undefined;
  if (values === undefined) return 0;
  for (const value of values) pushHostValue(lua, L, value);
  return values.length;
}

/** The global `iterator`, for those who step by hand. */
export function iteratorLibrary(lua: Lua): Library {
  const self = (L: Pointer) => lua.checkObject(L, 1, ITERATOR);
  const hasNext = (L: Pointer) => {
    const object = self(L);
    return lua.pushBoolean(L, object instanceof HostIterator && object.hasNext);
  };
  const next = (L: Pointer) => {
    const object = self(L);
    const values = object instanceof HostIterator ? object.next() : undefined;
    return pushHostValue(lua, L, values?.[0] ?? null);
  };
  return {
    type: ITERATOR,
    objectMetamethods: {},
    methods: { has_next: hasNext, next },
    global: { name: "iterator", functions: { has_next: hasNext, next }, metamethods: { __call: next } },
  };
}
