import type { Random } from "./random.js";

// Literals of texts. Strings and blobs overlap with what random records hold.

export function intText(random: Random): string {
  if (random.oneIn(15)) {
    return random.pick(["9223372036854775807", "-9223372036854775808", "0xFF", "-0b101", "4294967296", "-0x10"]);
  }
  return String(random.between(-3, 9));
}

export function floatText(random: Random): string {
  if (random.oneIn(15)) return random.pick(["-0.0", "1000000.5", "0.5", "00.25"]);
  return (random.between(-12, 20) / 4).toFixed(2);
}

export function stringText(random: Random): string {
  const body = random.pick(["a", "b", "ab", "", "lo", "Grüße", "\\x41", "a\\n", "😀", "hello world", "//", "/* */"]);
  return random.oneIn(2) ? `'${body}'` : `"${body}"`;
}

export function blobText(random: Random): string {
  return random.pick(["x'00'", "X'ff10'", "x''", "b64'AP8='", "B64'AQID'", "x'0f0f0f'"]);
}

export function boolText(random: Random): string {
  return random.pick(["true", "false"]);
}

/** Any scalar. */
export function valueText(random: Random): string {
  return random.pick([intText, intText, floatText, stringText, stringText, boolText, blobText])(random);
}

export function listText(random: Random, depth = 1): string {
  const kind = random.below(4);
  if (kind === 0) {
    const numbers = Array.from({ length: random.below(4) }, () => random.between(-3, 9)).sort((a, b) => a - b);
    return `[${numbers.join(", ")}]${random.oneIn(2) ? ":SORTED" : ""}`;
  }
  const items = Array.from({ length: random.below(4) }, () => {
    if (depth > 0 && random.oneIn(6)) return listText(random, depth - 1);
    if (depth > 0 && random.oneIn(6)) return mapText(random, depth - 1);
    return kind === 1 ? intText(random) : random.oneIn(9) ? "NIL" : valueText(random);
  });
  return `[${items.join(", ")}]`;
}

export function mapText(random: Random, depth = 1): string {
  const keys = ["a", "b", "'c d'", "5", "-1", "x'00'", '"z"'].filter(() => random.oneIn(3));
  const entries = keys.map((key) => {
    const value = depth > 0 && random.oneIn(6) ? listText(random, depth - 1) : valueText(random);
    return `${key}: ${value}`;
  });
  return `{${entries.join(", ")}}`;
}
