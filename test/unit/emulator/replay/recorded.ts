import { readFileSync } from "node:fs";

// The recorded exchanges of test/vectors; their README says what each part means.

export interface Before {
  readonly waitJob?: string;
  readonly waitIndex?: { readonly ns: string; readonly name: string };
  readonly sleepMs?: number;
  readonly newConnection?: boolean;
}

export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly before?: readonly Before[];
  readonly intent: { readonly command: string; readonly reply?: string };
  readonly volatile?: readonly string[];
  readonly recordedAt?: number;
  readonly request: string;
  readonly response: string | readonly string[];
  readonly closed?: boolean;
  readonly noReply?: boolean;
}

export function entriesOf(file: string): readonly Entry[] {
  const url = new URL(`../../../vectors/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

export function recordedReply(entry: Entry): Uint8Array {
  const protos = typeof entry.response === "string" ? [entry.response] : entry.response;
  return new Uint8Array(Buffer.from(protos.join(""), "hex"));
}
