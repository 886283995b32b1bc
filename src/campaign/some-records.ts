import { DataSet } from "../data/data-set.js";
import type { Key } from "../data/key.js";
import type { Exp } from "../exp/exp.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { DataSetQueryBuilder } from "../records/queries/data-set-query-builder.js";
import type { Record as StoredRecord } from "../records/record.js";

/** The records of a namespace's set. @param setName empty for the whole namespace */
export function dataSetOf(namespace: string, setName: string): DataSet<unknown> {
  return setName === "" ? DataSet.ofNamespace(namespace) : DataSet.of(namespace, setName);
}

/** Up to so many records that a condition keeps, with their bins. */
export async function someRecords(
  context: SessionContext,
  dataSet: DataSet<unknown>,
  where: Exp<"bool"> | undefined,
  most: number,
  options: CallOptions,
): Promise<StoredRecord<unknown>[]> {
  if (most === 0) return [];
  const query = new DataSetQueryBuilder(context, dataSet);
  if (where !== undefined) query.where(where);
  const found: StoredRecord<unknown>[] = [];
  for await (const record of await query.limit(most).execute(options)) found.push(record);
  return found;
}

/** Up to so many keys of any records. */
export async function someKeys(
  context: SessionContext,
  dataSet: DataSet<unknown>,
  most: number,
): Promise<Key<unknown>[]> {
  const keys: Key<unknown>[] = [];
  const rows = await new DataSetQueryBuilder<unknown>(context, dataSet).withNoBins().limit(most).execute();
  for await (const { key } of rows) keys.push(key);
  return keys;
}

/** A digest in hexadecimal digits. */
export function hexOf(digest: Uint8Array): string {
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
