import type { BinValue } from "../record/bin-value.js";

/** The record that a function is applied to, as the language's `record` and `aerospike` calls see it. */
export interface UdfRecord {
  /** Whether it is one of an aggregation's: what is assigned to it is lost at once. */
  readonly isReadOnly: boolean;
  /** Whether it exists, deletions and creations of this call included. */
  readonly exists: boolean;
  /** Empty for a record in no set. */
  readonly setName: string;
  /** 20 bytes. */
  readonly digest: Uint8Array;
  /** Kept user key, or for a record without one the key that came with the request; undefined when there is neither. */
  readonly userKey: BinValue | undefined;
  /** As of the start of the call; 0 for a record that did not exist. */
  readonly generation: number;
  /** Seconds left; 0 for never. */
  readonly ttl: number;
  /** Milliseconds since 2010-01-01. */
  readonly lastUpdate: number;
  /** Bytes in storage. */
  readonly size: number;
  /** Bins as stored or last executed; undefined without a record, or with one of more bins than functions can have. */
  readonly binNames: readonly string[] | undefined;
  /** The value as assigned, else as stored; undefined when there is none. */
  getBin(name: string): BinValue | undefined;
  /** Assigns; null removes. Nothing is stored before {@link create} or {@link update}. */
  setBin(name: string, value: BinValue | null): void;
  /** Seconds to live, stored by {@link create} or {@link update}: 0 the default, -1 never, -2 unchanged. */
  setTtl(seconds: number): void;
  /** Removes the kept user key, with {@link update}. */
  dropKey(): void;
  /** 0; 1 when there is a record already; −1 and 4 when it can't be stored. */
  create(): number;
  /** 0, or −2 without a record, −1 when it can't be stored. */
  update(): number;
  /** 0, or 1 without a record, −1 when it can't be removed. */
  remove(): number;
}

/** The records that a function is applied to as a whole, and where its values go. */
export interface UdfStream {
  /** The next record; undefined at the end. */
  next(): UdfRecord | undefined;
  /** Takes a value; null for one that is no value, such as a record. */
  put(value: BinValue | null): void;
}

/** How a function ended. */
export type UdfResult =
  | { readonly kind: "success"; readonly value: BinValue | null }
  /** It raised an error: its text as the server shows it. */
  | { readonly kind: "failure"; readonly message: string };

/** A module that did not load. */
export interface UdfCompileError {
  /** From 1. */
  readonly line: number;
  /** In the words of the language. */
  readonly message: string;
}

/** A loaded module. */
export interface UdfModule {
  /**
   * Applies one of its functions.
   * @param args packed list of arguments
   * @param deadline when it must have ended, on the clock of the Runtime
   */
  run(functionName: string, record: UdfRecord, args: Uint8Array, deadline: number): UdfResult;

  /**
   * Applies one of its functions to a stream of records: an aggregation.
   * @param args packed list of arguments
   * @param deadline when it must have ended, on the clock of the Runtime
   * @returns undefined, or the error that ended it, as the server shows it
   */
  aggregate(functionName: string, stream: UdfStream, args: Uint8Array, deadline: number): string | undefined;
}

/** A language for user-defined functions. What it takes to start is done before it is handed in: calls are synchronous. */
export interface UdfEngine {
  /** Loads a module and runs its top level. */
  compile(fileName: string, source: Uint8Array): UdfModule | UdfCompileError;
  /** Forgets a module: others can't load it any more. */
  remove(fileName: string): void;
}
