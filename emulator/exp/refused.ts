/** A place in a text; line and column count from 1. */
export interface TextPlace {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
}

/** Why the server builds no expression from bytes. */
export class Refused extends Error {
  override readonly name = "Refused";
  /** How far the bytes were read; undefined where that was not looked at. */
  offset: number | undefined;
  /** Where a text is wrong. */
  text: TextPlace | undefined;

  at(offset: number): this {
    this.offset = offset;
    return this;
  }
}

export function refuse(reason: string): never {
  throw new Refused(reason);
}
