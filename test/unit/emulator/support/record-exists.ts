import type { Key, Session } from "../../../../src/index.js";

/** Whether a record is there, as a client finds it. */
export async function recordExists<T>(session: Session, key: Key<T>): Promise<boolean> {
  const [record] = await session.getMany([key]);
  return record !== null && record !== undefined;
}
