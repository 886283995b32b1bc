/**
 * A builder: nothing is sent before its last method, `execute()` most of the time, is called. Awaiting the builder itself
 * would resolve with it, and a forgotten `execute()` would do nothing without a word. So it has a `then` that throws, of a
 * type with which `await` does not compile.
 *
 * Builders are made for every command. What helps their methods is a function beside them where it can be: a class with a
 * private method or field has a constructor to run, for each object of every class that extends it.
 */
export abstract class NotAwaitable {
  /** What was awaited, and what to write instead. @internal */
  protected abstract readonly forgotten: string;

  /**
   * Not for use: a builder is no promise, and this makes `await` of one an error.
   * @throws TypeError always
   */
  // biome-ignore lint/suspicious/noThenProperty: it is there for `await` to meet it.
  then(_builderIsNoPromise: never): never {
    throw new TypeError(this.forgotten);
  }
}

/** The message of {@link NotAwaitable} for a builder whose `execute()` was forgotten. */
export function forgottenExecute(call: string): string {
  return `${call} was awaited without execute(), so nothing was sent: write await ${call}.execute()`;
}
