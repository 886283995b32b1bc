/**
 * Calls a function of the program that is to hear of something. What it throws is an uncaught exception of the
 * program, as Node.js does with subscribers of its channels: nobody may miss it, and nothing here may break.
 */
export function tell<E>(listener: (event: E) => void, event: E): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
