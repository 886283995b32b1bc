import type { UdfModule } from "./udf-engine.js";

/** A registered file. */
export interface UdfFile {
  readonly name: string;
  /** The source as it was sent: base64. */
  readonly content: string;
  /** SHA-1 over the server's own record of the file: not of the source. */
  readonly hash: string;
  readonly module: UdfModule;
}

/** The files that a cluster has registered; every node has the same. */
export class UdfModules {
  readonly #files = new Map<string, UdfFile>();

  put(file: UdfFile): void {
    this.#files.set(file.name, file);
  }

  remove(name: string): void {
    this.#files.delete(name);
  }

  /** Takes the place of all that there are. */
  restore(files: readonly UdfFile[]): void {
    this.#files.clear();
    for (const file of files) this.put(file);
  }

  file(name: string): UdfFile | undefined {
    return this.#files.get(name);
  }

  /** In the order that they were first registered. */
  files(): readonly UdfFile[] {
    return [...this.#files.values()];
  }

  /** The module behind the name that a request gives: dots in it stand for directories. */
  module(name: string): UdfModule | undefined {
    return this.#files.get(`${name.replaceAll(".", "/")}.lua`)?.module;
  }
}
