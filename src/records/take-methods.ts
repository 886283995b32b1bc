/**
 * Gives a class the methods of others that it does not extend, so that a family of methods is written once and taken by
 * every builder that has it. The class says in an interface of its own name which ones it takes:
 *
 * @example
 * export interface TouchBuilder<T> extends Expiry {}
 * export class TouchBuilder<T> extends KeyCommandBuilder<T, T> {}
 * takeMethods(TouchBuilder, Expiry);
 */
export function takeMethods({ prototype }: Taker, ...families: readonly Taker[]): void {
  const taken: PropertyDescriptorMap = {};
  for (const family of families) {
    for (const [name, method] of methodsOf(family.prototype)) {
      // What it has already, inherited or its own, stays.
      if (!(name in prototype)) taken[name] ??= method;
    }
  }
  inherit(prototype, taken);
}

/** Puts methods behind those of a prototype, all at once: one after the other V8 makes a new shape for each. */
export function inherit(prototype: object, methods: PropertyDescriptorMap): void {
  Object.setPrototypeOf(prototype, Object.create(Object.getPrototypeOf(prototype), methods));
}

/** Any class, abstract ones too. */
interface Taker {
  readonly prototype: object;
}

/** The methods of a prototype and of those that it inherits from. */
export function methodsOf(prototype: object): readonly (readonly [name: string, method: PropertyDescriptor])[] {
  const methods: [string, PropertyDescriptor][] = [];
  for (let each = prototype; each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    const own = Object.entries(Object.getOwnPropertyDescriptors(each));
    methods.push(...own.filter(([name]) => name !== "constructor"));
  }
  return methods;
}
