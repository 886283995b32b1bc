import { ResultCode } from "../../protocol/result-code.js";
import { writeName } from "../record/name.js";
import { InfoError } from "./info-error.js";

/** Longest values, in bytes, as the server has room for them. */
export const Longest = {
  NAMESPACE: 31,
  SET: 63,
  INDEX: 63,
  BIN: 15,
  NUMBER: 23,
  ANY: 1023,
} as const;

/**
 * What follows a command's name: `key=value` pairs between semicolons, in any order. A value ends at a semicolon and may
 * hold "=".
 */
export class InfoParams {
  /** As it came. */
  readonly text: string;
  readonly #values = new Map<string, string>();

  constructor(text: string) {
    this.text = text;
    for (const pair of text.split(";")) {
      const at = pair.indexOf("=");
      if (at < 0) continue;
      const key = pair.slice(0, at);
      if (!this.#values.has(key)) this.#values.set(key, pair.slice(at + 1));
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value as it is, empty or not. */
  raw(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Undefined when it is not given. Throws InfoError when it is empty or too long. */
  optional(name: string, longest: number, ...aliases: readonly string[]): string | undefined {
    const key = [name, ...aliases].find((alias) => this.#values.has(alias));
    const value = key === undefined ? undefined : this.#values.get(key);
    if (value === undefined) return undefined;
    if (value === "") throw new InfoError(codeOf(name), `missing '${name}' value`);
    if (writeName(value).length > longest) throw new InfoError(codeOf(name), `'${name}' value too long`);
    return value;
  }

  /** Throws InfoError when it is not given, empty or too long. */
  required(name: string, longest: number, ...aliases: readonly string[]): string {
    const value = this.optional(name, longest, ...aliases);
    if (value === undefined) throw new InfoError(codeOf(name), `missing '${name}'`);
    return value;
  }
}

function codeOf(name: string): number {
  return name === "namespace" ? ResultCode.INVALID_NAMESPACE : ResultCode.PARAMETER_ERROR;
}
