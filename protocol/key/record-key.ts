/** What a user may use as a key. A `number` must be a safe integer. */
export type UserKey = string | number | bigint | Uint8Array;

/** A record's address: enough to route and to encode any single-record command. */
export interface RecordKey {
  readonly namespace: string;
  /** Empty for a record in no set. */
  readonly setName: string;
  /** RIPEMD-160 of set and user key, 20 bytes. */
  readonly digest: Uint8Array;
  /** 0 to 4095, the low 12 bits of the digest. */
  readonly partition: number;
  /** Undefined when only the digest is known. */
  readonly userKey: UserKey | undefined;
}
