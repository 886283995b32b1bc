import { StringRegexFlags } from "../../protocol/cdt/flags.js";
import { badRegex, badReplacement, StringFailure } from "./failure.js";
import { javaScriptPattern } from "./icu-pattern.js";

const { CASE_INSENSITIVE, MULTILINE, DOT_ALL, UNIX_LINES, GLOBAL } = StringRegexFlags;
export const COMPARE_FLAGS = CASE_INSENSITIVE | MULTILINE | DOT_ALL | UNIX_LINES;
export const REPLACE_FLAGS = COMPARE_FLAGS | GLOBAL;

/** A pattern in ICU's syntax, ready to run. */
export function compileRegex(pattern: string, flags: number): RegExp | StringFailure {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const letters = `u${has(CASE_INSENSITIVE) ? "i" : ""}${has(MULTILINE) ? "m" : ""}${has(DOT_ALL) ? "s" : ""}${has(GLOBAL) ? "g" : ""}`;
  try {
    return new RegExp(javaScriptPattern(pattern, { unixLines: has(UNIX_LINES), dotAll: has(DOT_ALL) }), letters);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return badRegex(`bad pattern, or one that the emulator can't say in JavaScript: ${error.message}`);
  }
}

/** A text with the matches replaced; in the replacement `$1`, `${name}` stand for groups and `\` for the sign behind it. */
export function replaceMatches(text: string, regex: RegExp, replacement: string): string | StringFailure {
  let failure: StringFailure | undefined;
  const replaced = text.replace(regex, (...found: unknown[]) => {
    const groups = groupsOf(found);
    const expanded = expand(replacement, groups);
    if (expanded instanceof StringFailure) failure = expanded;
    return typeof expanded === "string" ? expanded : "";
  });
  return failure ?? replaced;
}

interface Groups {
  readonly numbered: readonly (string | undefined)[];
  readonly named: Readonly<Record<string, string | undefined>>;
}

/** What `replace` calls with: the match, the groups, the place, the text, and the named groups if there are any. */
function groupsOf(found: readonly unknown[]): Groups {
  const last = found.at(-1);
  const hasNames = typeof last === "object" && last !== null;
  const numbered = found.slice(0, hasNames ? -3 : -2);
  return {
    numbered: numbered.map((group) => (typeof group === "string" ? group : undefined)),
    named: hasNames ? Object.fromEntries(Object.entries(last)) : {},
  };
}

function expand(replacement: string, { numbered, named }: Groups): string | StringFailure {
  let out = "";
  for (let at = 0; at < replacement.length; ) {
    const sign = replacement[at++]!;
    if (sign === "\\") {
      const next = replacement[at++];
      if (next === undefined) return badReplacement("a backslash at the end of the replacement");
      out += next;
    } else if (sign !== "$") {
      out += sign;
    } else {
      const name = /^\{(\w+)\}/.exec(replacement.slice(at));
      const number = name === null ? groupNumber(replacement, at, numbered.length) : undefined;
      if (name?.[1] !== undefined && name[1] in named) {
        out += named[name[1]] ?? "";
        at += name[0].length;
      } else if (number !== undefined) {
        out += numbered[number.group] ?? "";
        at = number.end;
      } else return badReplacement("a $ of the replacement names no group");
    }
  }
  return out;
}

/** As many digits as still make the number of a group. */
function groupNumber(
  text: string,
  start: number,
  count: number,
): { readonly group: number; readonly end: number } | undefined {
  let end = start;
  let group = -1;
  while (end < text.length && /\d/.test(text[end]!)) {
    const longer = Math.max(group, 0) * 10 + Number(text[end]);
    if (longer >= count) break;
    group = longer;
    end++;
  }
  return group < 0 ? undefined : { group, end };
}
