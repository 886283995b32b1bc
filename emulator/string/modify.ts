import { utf8Length } from "../../protocol/bytes/utf8.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { StringWriteFlags } from "../../protocol/cdt/flags.js";
import { type CdtOperation, CREATING_STRING_OPS, StringOp } from "../../protocol/cdt/operations.js";
import { packString } from "../../protocol/value/pack.js";
import { badIndex, badParams, StringFailure } from "./failure.js";
import type { StringParams } from "./params.js";
import { compileRegex, REPLACE_FLAGS, replaceMatches } from "./regex.js";
import { caseFold, lengthOf, placeIn, pointsOf } from "./text.js";

/** What becomes of a text. */
type Edit = (text: string) => string | StringFailure;

/** A change of a string, with what its flags say. */
export interface StringChange {
  readonly flags: number;
  readonly creates: boolean;
  readonly edit: Edit;
}

/** Servers refuse what could become longer, before they try. */
const MAX_RESULT = 8 * 1024 * 1024;
const TOO_BIG = badParams(`the result could be longer than ${MAX_RESULT} bytes`);
/** As many bytes as letters may become of one when their case changes, and in other encodings. */
const GROWTH = 3;
/** Most bytes of a character. */
const MAX_POINT = 4;
const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL } = StringWriteFlags;

/** Takes the parameters that an operation has in front of its flags. */
type Reading = (params: StringParams) => Edit | StringFailure;

const READINGS: ReadonlyMap<CdtOperation, Reading> = new Map<CdtOperation, Reading>([
  [StringOp.INSERT, insert],
  [StringOp.OVERWRITE, overwrite],
  [StringOp.CONCAT, concat],
  [StringOp.SNIP, snip],
  [
    StringOp.REPLACE,
    replacing(
      (text, needle, by) => text.replace(needle, () => by),
      () => 1,
    ),
  ],
  [
    StringOp.REPLACE_ALL,
    replacing(
      (text, needle, by) => text.replaceAll(needle, () => by),
      (bytes, needle) => Math.floor(bytes / needle),
    ),
  ],
  [StringOp.UPPER, letters((text) => text.toUpperCase())],
  [StringOp.LOWER, letters((text) => text.toLowerCase())],
  [StringOp.CASE_FOLD, letters(caseFold)],
  [StringOp.NORMALIZE_NFC, letters((text) => text.normalize("NFC"))],
  [StringOp.TRIM_START, plain((text) => text.replace(/^\p{White_Space}+/u, ""))],
  [StringOp.TRIM_END, plain(trimEnd)],
  [StringOp.TRIM, plain((text) => trimEnd(text.replace(/^\p{White_Space}+/u, "")))],
  [StringOp.PAD_START, padding((text, pad) => pad + text)],
  [StringOp.PAD_END, padding((text, pad) => text + pad)],
  [StringOp.REPEAT, repeat],
  [StringOp.REGEX_REPLACE, regexReplace],
  [StringOp.APPEND, extending((text, value) => text + value)],
  [StringOp.PREPEND, extending((text, value) => value + text)],
]);

const BY_CODE: ReadonlyMap<number, readonly [CdtOperation, Reading]> = new Map(
  [...READINGS].map(([operation, reading]) => [operation.code, [operation, reading]]),
);

/** The change that a code and its parameters stand for; undefined when there is no such operation. */
export function readChange(code: number, params: StringParams): StringChange | StringFailure | undefined {
  const found = BY_CODE.get(code);
  if (found === undefined) return undefined;
  const [operation, reading] = found;
  const edit = reading(params);
  const creates = CREATING_STRING_OPS.has(operation);
  const flags = params.flags((creates ? CREATE_ONLY : 0) | UPDATE_ONLY | NO_FAIL);
  params.demand((flags & CREATE_ONLY) === 0 || (flags & UPDATE_ONLY) === 0, "CREATE_ONLY and UPDATE_ONLY");
  params.end();
  if (params.failure !== undefined) return params.failure;
  return edit instanceof StringFailure ? edit : { flags, creates, edit };
}

function plain(edit: (text: string) => string): Reading {
  return () => edit;
}

function letters(edit: (text: string) => string): Reading {
  return () => limited((bytes) => GROWTH * bytes, edit);
}

/** An edit, unless what may become of so many bytes is too long. */
function limited(most: (bytes: number) => number, edit: Edit): Edit {
  return (text) => (most(utf8Length(text)) > MAX_RESULT ? TOO_BIG : edit(text));
}

function grown(value: string, edit: Edit): Edit {
  return limited((bytes) => bytes + utf8Length(value), edit);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

function insert(params: StringParams): Edit {
  const index = params.integer();
  const value = params.text();
  return grown(value, (text) => {
    const points = pointsOf(text);
    const at = placeIn(points.length, index);
    return points.slice(0, at).join("") + value + points.slice(at).join("");
  });
}

function overwrite(params: StringParams): Edit {
  const index = params.integer();
  const value = params.text();
  return grown(value, (text) => {
    const points = pointsOf(text);
    if (index < 0 || index > Math.max(points.length - 1, 0)) return badIndex(`index ${index} is none of the string`);
    return points.slice(0, index).join("") + value + points.slice(index + lengthOf(value)).join("");
  });
}

function concat(params: StringParams): Edit {
  const values = params.texts();
  const value = values.join("");
  return grown(value, (text) => text + value);
}

function snip(params: StringParams): Edit {
  const start = params.integer();
  const end = params.optionalInteger();
  return (text) => {
    const points = pointsOf(text);
    const from = placeIn(points.length, start);
    const to = end === undefined ? points.length : Math.max(placeIn(points.length, end), from);
    return points.slice(0, from).join("") + points.slice(to).join("");
  };
}

/** @param times how often a needle of so many bytes can be in so many */
function replacing(
  replace: (text: string, needle: string, by: string) => string,
  times: (bytes: number, needle: number) => number,
): Reading {
  return (params) => {
    const [needle = "", by = ""] = params.texts(2);
    params.demand(needle !== "", "an empty needle");
    const [old, fresh] = [utf8Length(needle), utf8Length(by)];
    // What is shorter than what is looked for counts as too long, as on servers.
    const most = (bytes: number) => {
      const count = times(bytes, old);
      return count * old > bytes ? Number.POSITIVE_INFINITY : GROWTH * (bytes + count * (fresh - old));
    };
    return limited(most, (text) => replace(text, needle, by));
  };
}

function padding(join: (text: string, pad: string) => string): Reading {
  return (params) => {
    const length = params.integer(0n);
    const pad = params.text();
    params.demand(pad !== "", "an empty pad");
    const points = pointsOf(pad);
    return limited(
      (bytes) => Math.max(bytes, MAX_POINT * length),
      (text) => {
        const missing = length - lengthOf(text);
        if (missing <= 0) return text;
        const times = Math.floor(missing / points.length);
        return join(text, pad.repeat(times) + points.slice(0, missing % points.length).join(""));
      },
    );
  };
}

function repeat(params: StringParams): Edit {
  const times = params.integer(0n);
  return limited(
    (bytes) => bytes * times,
    (text) => text.repeat(times),
  );
}

function regexReplace(params: StringParams): Edit | StringFailure {
  const [pattern = "", by = ""] = params.texts(2);
  const regex = compileRegex(pattern, params.flags(REPLACE_FLAGS));
  if (regex instanceof StringFailure) return regex;
  // Servers take both strings, as they travel, for what each match may become.
  const sent = packedBytes(pattern) + packedBytes(by) + 1;
  const most = (bytes: number) => GROWTH * (bytes + (bytes + 1) * sent);
  return limited(most, (text) => replaceMatches(text, regex, by));
}

function extending(extend: (text: string, value: string) => string): Reading {
  return (params) => {
    const value = params.text();
    return grown(value, (text) => extend(text, value));
  };
}

/** Bytes of a string as a packed value. */
function packedBytes(text: string): number {
  const w = new Writer(64);
  packString(w, text);
  return w.length;
}
