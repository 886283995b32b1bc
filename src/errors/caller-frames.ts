/**
 * A promise that is rejected with the error, for a caller's promise to be resolved with instead of rejecting it. The
 * error gets the frames of the async functions that await the caller's promise, where the engine knows them (V8). An
 * error that is made where a reply arrives has only the frames of a socket's event, in which no caller occurs.
 *
 * It costs nothing unless there is an error; an async function around every call would cost each of them a promise.
 */
export async function rejectedWithCallerFrames(error: unknown): Promise<never> {
  // The caller's promise must be waiting for this one before the stack is looked at, which takes it one turn.
  await undefined;
  await undefined;
  if (error instanceof Error && typeof Error.captureStackTrace === "function") {
    Error.captureStackTrace(error, rejectedWithCallerFrames);
  }
  throw error;
}
