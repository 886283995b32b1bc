import type { SchemaIssue } from "../errors/errors.js";

// The interface of Standard Schema, version 1 (https://standardschema.dev), which schema libraries have in common: zod,
// Valibot, ArkType and others. It is a type and a property, so that no package is needed for it.

/**
 * A schema of any library that follows Standard Schema. It has to be synchronous.
 *
 * @typeParam I what it takes
 * @typeParam O what it makes of that
 */
export interface StandardSchema<I = unknown, O = I> {
  readonly "~standard": {
    readonly version: 1;
    /** The name of the library. */
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<O> | Promise<SchemaResult<O>>;
    /** For the compiler alone. */
    readonly types?: { readonly input: I; readonly output: O } | undefined;
  };
}

/** What a schema says of a value: what it makes of it, or what is wrong with it. */
export type SchemaResult<O> =
  | { readonly value: O; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** What a schema takes. */
export type SchemaInput<S> = S extends StandardSchema ? NonNullable<S["~standard"]["types"]>["input"] : never;

/** What a schema makes of what it takes. */
export type SchemaOutput<S> = S extends StandardSchema ? NonNullable<S["~standard"]["types"]>["output"] : never;

export function isSchema(value: unknown): value is StandardSchema {
  // Schemas of some libraries are functions.
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  const standard: unknown = Reflect.get(value, "~standard");
  return typeof standard === "object" && standard !== null && typeof Reflect.get(standard, "validate") === "function";
}

/** `address.street: expected string, received number` */
export function describeIssue({ message, path = [] }: SchemaIssue): string {
  const steps = path.map((step) => String(typeof step === "object" ? step.key : step));
  return steps.length === 0 ? message : `${steps.join(".")}: ${message}`;
}
