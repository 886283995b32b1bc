import { alternatives } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { ConfigError } from "./config-error.js";

/** A value in a document, and the way to it. */
export class Place {
  readonly value: unknown;
  /** Steps from the root, with dots between them. */
  readonly path: string;

  constructor(value: unknown, path = "") {
    this.value = value;
    this.path = path;
  }

  /** What stands here by name, without what is absent or nothing: `all:` and no more is as good as no `all`. */
  entries(): readonly (readonly [name: string, place: Place])[] {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.refuse("a mapping");
    return Object.entries(value)
      .filter(([, each]) => each !== undefined && each !== null)
      .map(([name, each]) => [name, new Place(each, this.path === "" ? name : `${this.path}.${name}`)]);
  }

  /** What stands here under a name; undefined when nothing does. */
  at(name: string): Place | undefined {
    return this.entries().find(([own]) => own === name)?.[1];
  }

  text(): string {
    return typeof this.value === "string" && this.value !== "" ? this.value : this.refuse("text");
  }

  /** @throws ConfigError that names the place and what stands there */
  refuse(expected: string): never {
    throw new ConfigError(this.path, `expected ${expected}, got ${describe(this.value)}`);
  }

  /** As {@link refuse}, without what stands there: it may be secret. */
  refuseSecret(reason: string): never {
    throw new ConfigError(this.path, reason);
  }

  /** @throws ConfigError for a name that there is not, with those that there are */
  refuseName(what: string, known: readonly string[]): never {
    const name = this.path.slice(this.path.lastIndexOf(".") + 1);
    throw new ConfigError(this.path, `there is no ${what} "${name}". ${alternatives(name, known)}`);
  }
}
