import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";

// The value of `build`: up to four numbers and perhaps a suffix, as in 8.1.2.0 and 8.1.2.0-rc1.

const FORM = /^(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?!\d)/;

/** A server's version. Suffixes such as `-rc1` do not count when versions are compared. */
export class ServerVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly build: number;
  readonly #text: string;

  constructor(major: number, minor = 0, patch = 0, build = 0, text = `${major}.${minor}.${patch}.${build}`) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.build = build;
    this.#text = text;
  }

  /**
   * Reads the value of the info command `build`. Throws ProtocolError when it is no version.
   * @example ServerVersion.parse("8.1.2.0-rc1").isAtLeast(8, 1)
   */
  static parse(text: string): ServerVersion {
    const parts = FORM.exec(text);
    if (parts === null) throw new ProtocolError(`the build ${describe(text)} is no server version`);
    const [major = 0, minor = 0, patch = 0, build = 0] = parts.slice(1).map((part) => Number(part ?? 0));
    return new ServerVersion(major, minor, patch, build, text);
  }

  /** Below zero when this is the older one, 0 when both are the same. */
  compare(other: ServerVersion): number {
    return this.major - other.major || this.minor - other.minor || this.patch - other.patch || this.build - other.build;
  }

  isAtLeast(major: number, minor = 0, patch = 0, build = 0): boolean {
    return this.compare(new ServerVersion(major, minor, patch, build)) >= 0;
  }

  /** As the server wrote it. */
  toString(): string {
    return this.#text;
  }
}
