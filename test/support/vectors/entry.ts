import { readFileSync } from "node:fs";
import type { Typed } from "./typed-value.js";

// The recorded exchanges of test/vectors; their README says what each part means.

export interface IntentKey {
  readonly ns: string;
  readonly set?: string;
  readonly key?: Typed;
  readonly digest?: string;
}

export interface IntentOp {
  readonly op: string;
  readonly bin?: string;
  readonly binHex?: string;
  readonly value?: Typed;
}

export interface IntentWhere {
  readonly kind: string;
  readonly bin?: string;
  readonly dataType: string;
  readonly value?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly indexType?: string;
  readonly indexName?: string;
  readonly exp?: unknown;
  readonly ctx?: unknown;
}

export interface IntentPolicy {
  readonly exists?: string;
  readonly gen?: string;
  readonly generation?: number;
  readonly ttl?: number | string;
  readonly readTouchTtlPercent?: number;
  readonly sendKey?: boolean;
  readonly commitLevel?: string;
  readonly durableDelete?: boolean;
  readonly onLockingOnly?: boolean;
  readonly readModeAP?: string;
  readonly readModeSC?: string;
  readonly respondAllOps?: boolean;
  readonly filter?: unknown;
  readonly compress?: boolean;
  readonly socketTimeout?: number;
}

export interface Intent {
  readonly command: string;
  readonly key?: IntentKey;
  readonly bins?: readonly (readonly [string, Typed])[] | readonly string[];
  readonly ops?: readonly IntentOp[];
  readonly policy?: IntentPolicy;
  readonly respondAllOps?: boolean;
  readonly udf?: { readonly module: string; readonly function: string; readonly args: readonly Typed[] };
  readonly commands?: readonly string[];
  readonly reply?: string;
  readonly ns?: string;
  readonly set?: string;
  readonly background?: boolean;
  readonly taskId?: string;
  readonly recordsPerSecond?: number;
  readonly maxRecords?: number;
  readonly noBins?: boolean;
  readonly where?: IntentWhere;
  readonly ttl?: number | string;
  readonly header?: { readonly info1?: number; readonly info3?: number };
  readonly partitions?: { readonly begin: number; readonly count: number };
  readonly pids?: readonly number[];
  readonly digests?: readonly string[];
  readonly bvals?: readonly string[];
  readonly expectedDuration?: string;
}

export interface DecodedBin {
  readonly name: string;
  readonly op: number;
  readonly value: Typed;
}

export interface DecodedRow {
  readonly index?: number;
  readonly namespace?: string;
  readonly set?: string;
  readonly digest?: string;
  readonly key?: Typed;
  readonly bval?: string;
  readonly resultCode: number;
  readonly generation: number;
  readonly voidTime: number;
  readonly bins: readonly DecodedBin[];
}

export interface Decoded {
  readonly resultCode?: number;
  readonly generation?: number;
  readonly voidTime?: number;
  readonly bins?: readonly DecodedBin[];
  readonly rows?: readonly DecodedRow[];
  readonly values?: readonly { readonly SUCCESS?: Typed; readonly FAILURE?: Typed }[];
  readonly partitionStatus?: readonly { readonly partition: number; readonly resultCode: number }[];
  readonly last?: boolean;
  readonly text?: string;
  readonly adminResult?: number;
  readonly undecodable?: string;
  readonly noResponse?: boolean;
}

export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly origin: string;
  readonly intent: Intent;
  readonly request: string;
  readonly response: string | readonly string[];
  readonly decoded: Decoded;
}

/** All entries of a file: "single-record", "background"… */
export function loadVectors(file: string): Entry[] {
  const text = readFileSync(new URL(`../../vectors/${file}.json`, import.meta.url), "utf8");
  const entries: Entry[] = JSON.parse(text);
  return entries;
}

export function responsesOf(entry: Entry): Uint8Array[] {
  const { response } = entry;
  return (typeof response === "string" ? [response] : response).map(fromHex);
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}
