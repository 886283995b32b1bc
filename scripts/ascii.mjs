/**
 * Writes what is beyond ASCII as escapes. One such character in a file, and V8 keeps all of its source in two bytes a
 * character, as long as the program runs.
 */
export function ascii() {
  return {
    name: "ascii",
    generateBundle(_options, files) {
      for (const file of Object.values(files)) {
        if (file.type !== "chunk") continue;
        const wrong = /.{0,20}\\[^\0-\x7F]/.exec(file.code);
        if (wrong !== null) throw new Error(`${file.fileName}: a backslash before what is not ASCII: ${wrong[0]}`);
        file.code = file.code.replaceAll(/[^\0-\x7F]/g, escaped);
      }
    },
  };
}

/** Code units, for those beyond the first 65,536 characters are pairs of them in strings. */
function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
