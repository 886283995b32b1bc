import type { BinValue } from "./bin-value.js";

/** From here on a lookup table beats looking through the names. */
const TABLE_FROM = 24;

/** The bins of a record in storage order: new ones go to the end, and the last takes the place of one removed. */
export class Bins {
  readonly #names: string[];
  readonly #values: BinValue[];
  #places: Map<string, number> | undefined;

  constructor(names: string[] = [], values: BinValue[] = []) {
    this.#names = names;
    this.#values = values;
  }

  get count(): number {
    return this.#names.length;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  get values(): readonly BinValue[] {
    return this.#values;
  }

  get(name: string): BinValue | undefined {
    const place = this.#place(name);
    return place < 0 ? undefined : this.#values[place];
  }

  set(name: string, value: BinValue): void {
    const place = this.#place(name);
    if (place >= 0) {
      this.#values[place] = value;
      return;
    }
    this.#places?.set(name, this.#names.length);
    this.#names.push(name);
    this.#values.push(value);
  }

  remove(name: string): void {
    const place = this.#place(name);
    if (place < 0) return;
    const lastName = this.#names.pop();
    const lastValue = this.#values.pop();
    if (lastName !== undefined && lastValue !== undefined && place < this.#names.length) {
      this.#names[place] = lastName;
      this.#values[place] = lastValue;
    }
    this.#places = undefined;
  }

  clear(): void {
    this.#names.length = 0;
    this.#values.length = 0;
    this.#places = undefined;
  }

  copy(): Bins {
    return new Bins(this.#names.slice(), this.#values.slice());
  }

  #place(name: string): number {
    if (this.#names.length < TABLE_FROM) return this.#names.indexOf(name);
    if (this.#places === undefined) {
      this.#places = new Map();
      for (let i = 0; i < this.#names.length; i++) this.#places.set(this.#names[i]!, i);
    }
    return this.#places.get(name) ?? -1;
  }
}
