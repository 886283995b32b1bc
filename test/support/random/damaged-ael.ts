import type { Random } from "./random.js";
import { RandomAel } from "./random-ael.js";

// Texts that are mostly wrong: right ones that were damaged, pieces of the language in any order, brackets without end,
// and any characters.

const PIECES = (
  "( ) [ ] { } §{ §{v} $. $.a $.m $.l . .. , : ; ? ?0 ?1 ?99 @ @key @index # ! != !~ = == === => =~ ~ < <= << <> > >= >> " +
  ">>> + - * ** / // /* */ % & && &[?( *[?( [?( | || ^ and or not not( let let( then then( when when( default in IN " +
  "between true false null NIL INF unknown error LOCAL INT FLOAT STRING BOOL BLOB LIST MAP GEO HLL VECTOR :INT :LOCAL: " +
  ":NO_FAIL :REVERSE :SORTED :UNORDERED :KEY_ORDERED 0 1 -1 2.5 .5 1e5 0x 0xFF 0b2 9223372036854775808 1.1 'a' \"b\" '\\ " +
  "\\x41 \\u0041 \\u{1F600} \" ' x' x'0' x'00' b64'AP8=' b64'A' /a/i /[/ geoJson( geoJson('{}') min( pow(base: " +
  ".count() .exists() .get( .get(type: return: KEY .getKeys() .getRanks() .setTo(1) .append( .modify(@ .remove() .upper() " +
  ".bitGet(offset: size: .hllAdd( .orElse( .is(type: .toInt() .join( .regexReplace(pattern: .[] .{} .{@a} .{a-c} .{0:1~b} " +
  ".[-1] .[#0:] .[=1,2] .{!@a,} $.ttl() $.key() $.digestModulo( abs( exclusive( is like contains \u0000 \ud800 😀 \n \t ’"
)
  .split(" ")
  .map((piece) => piece.replace("§", "$"));

const OPENERS = [
  "(",
  "[",
  "{",
  "not(",
  "-",
  "~",
  "$.a.*[?(",
  "let (v = ",
  "when (",
  "$.a.{",
  "min(",
  "1 + (",
  "x ** ",
  "/*",
  "$" + "{",
];

export function damagedAel(random: Random): string {
  switch (random.below(10)) {
    case 0:
      return pieces(random, " ");
    case 1:
      return pieces(random, "");
    case 2:
      return characters(random, random.below(60));
    case 3:
      return deep(random);
    default:
      return damaged(random);
  }
}

function pieces(random: Random, between: string): string {
  return Array.from({ length: random.below(24) }, () => random.pick(PIECES)).join(between);
}

function characters(random: Random, length: number): string {
  return Array.from({ length }, () => {
    return String.fromCharCode(random.oneIn(8) ? random.below(0x1_0000) : 32 + random.below(95));
  }).join("");
}

/** Nested far, mostly too far. */
function deep(random: Random): string {
  const opener = random.pick(OPENERS);
  const count = random.oneIn(400) ? random.between(2_000, 60_000) : random.between(2, 600);
  return opener.repeat(count) + (random.oneIn(2) ? "1" : pieces(random, " ")) + ")".repeat(random.below(count));
}

function damaged(random: Random): string {
  let text = new RandomAel(random, random.oneIn(2)).text(random.between(1, 3)).text;
  for (let left = random.between(1, 3); left > 0; left--) {
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(8));
    switch (random.below(5)) {
      case 0:
        text = text.slice(0, at) + text.slice(end);
        break;
      case 1:
        text = text.slice(0, at) + random.pick(PIECES) + text.slice(end);
        break;
      case 2:
        text = text.slice(0, at) + characters(random, 1) + text.slice(at);
        break;
      case 3:
        text = text.slice(0, end) + text.slice(at);
        break;
      default:
        text = random.oneIn(2) ? text.slice(0, at) : text.slice(at);
    }
  }
  return text;
}
