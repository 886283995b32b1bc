/**
 * The method by which `inspect`, and so `console.log`, of Node.js, Deno and Bun ask an object how it wants to be shown. It
 * is found by its registered name, so that no built-in has to be imported.
 */
export const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** `inspect` itself, as it is handed to that method. */
export type Inspect = (value: unknown, options: object) => string;

/** `Session { behavior: 'DEFAULT' }`: the name of a class, and what a person wants to see of its object. */
export function show(name: string, properties: object, options: object, inspect: Inspect): string {
  return `${name} ${inspect(properties, options)}`;
}
