import { Writer } from "../../protocol/bytes/writer.js";
import { packInteger, packListHeader, packMapHeader, packRawString } from "../../protocol/value/pack.js";
import type { ErrorDetail, ErrorTrace } from "../record/error-detail.js";
import type { Release } from "../release.js";

// The field ERROR_DETAILS of a refusal, a map:
//   1 sub code · 2 message · 3 trace, a map
//   trace: 1 phase · 2 byte offset · 3 op code · 4 depth · 5 path · 6 snippet · 7 outcome · 8 language
//     · 9, 10 offset and length in the text

const MAX_BYTES = 1024;
const MAX_PATH = 16;
const LEVEL_SHIFT = 5;
const LEVEL_MASK = 3;
const PHASES = ["build", "evaluation"] as const;
const OUTCOMES = ["fault", "false", "absent"] as const;
const LANGUAGES = ["packed", "text"] as const;

/** Gathers what is said of the failure of one request, as far as its client asks. */
export class ErrorDetails {
  /** 0 nothing, 1 the sub code, 2 a message as well, 3 a trace as well. */
  readonly #level: number;
  #detail: ErrorDetail | undefined;

  constructor(release: Release, info4: number) {
    this.#level = release === "8.2" ? (info4 >> LEVEL_SHIFT) & LEVEL_MASK : 0;
  }

  /** Says of a failure what is known of it; the last one that was said counts. */
  say(detail: ErrorDetail | undefined): void {
    this.#detail = detail;
  }

  /** The data of the field; undefined when there is nothing to say. */
  get field(): Uint8Array | undefined {
    if (this.#level === 0 || this.#detail === undefined) return undefined;
    return writeDetail(this.#detail, this.#level);
  }
}

type Pair = readonly [key: number, write: (w: Writer) => void];

function writeDetail(detail: ErrorDetail, level: number): Uint8Array | undefined {
  const { subCode, message } = detail;
  const pairs: Pair[] = [];
  if (subCode !== undefined) pairs.push([1, (w) => packInteger(w, subCode)]);
  if (message !== undefined && level > 1) pairs.push([2, (w) => packRawString(w, message)]);
  // Of a trace that is too long the snippet goes first, then the path.
  for (const trace of level > 2 && detail.trace !== undefined ? shorter(detail.trace) : [undefined]) {
    const all: Pair[] = trace === undefined ? pairs : [...pairs, [3, (w) => writePairs(w, tracePairs(trace))]];
    const w = new Writer(128);
    writePairs(w, all);
    if (w.length <= MAX_BYTES) return all.length === 0 ? undefined : w.copy();
  }
  return undefined;
}

function* shorter(trace: ErrorTrace): Generator<ErrorTrace | undefined, void> {
  yield trace;
  const { snippet: _snippet, ...withoutSnippet } = trace;
  yield withoutSnippet;
  const { path: _path, ...withoutPath } = withoutSnippet;
  yield withoutPath;
  yield undefined;
}

function tracePairs(trace: ErrorTrace): readonly Pair[] {
  const { path, snippet } = trace;
  const pairs: Pair[] = [];
  const number = (key: number, value: number | undefined): void => {
    if (value !== undefined) pairs.push([key, (w) => packInteger(w, value)]);
  };
  number(1, PHASES.indexOf(trace.phase) + 1);
  number(2, trace.byteOffset);
  number(3, trace.opCode);
  number(4, trace.depth);
  if (path !== undefined) pairs.push([5, (w) => writePath(w, path)]);
  if (snippet !== undefined) pairs.push([6, (w) => packRawString(w, snippet)]);
  number(7, trace.outcome && OUTCOMES.indexOf(trace.outcome) + 1);
  number(8, trace.language && LANGUAGES.indexOf(trace.language) + 1);
  number(9, trace.textOffset);
  number(10, trace.textLength);
  return pairs;
}

function writePath(w: Writer, path: readonly string[]): void {
  const shown = path.length > MAX_PATH ? [...path.slice(0, MAX_PATH - 1), "…"] : path;
  packListHeader(w, shown.length);
  for (const step of shown) packRawString(w, step);
}

function writePairs(w: Writer, pairs: readonly Pair[]): void {
  packMapHeader(w, pairs.length);
  for (const [key, write] of pairs) {
    packInteger(w, key);
    write(w);
  }
}
