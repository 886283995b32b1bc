import { parseAst } from "rolldown/parseAst";

/** A line is broken where it is longer. */
const LENGTH = 100;

/**
 * Gives code without space its lines back, for Node.js prints the whole line that an uncaught error came from. Before
 * statements and members of classes a new line changes nothing.
 */
export function breakLines() {
  return {
    name: "break-lines",
    generateBundle(_options, files) {
      for (const file of Object.values(files)) file.code = broken(file.code);
    },
  };
}

function broken(code) {
  const places = [...new Set(placesIn(parseAst(code)))].sort((a, b) => a - b);
  const lines = [];
  let start = 0;
  for (const place of places) {
    if (place - start < LENGTH) continue;
    lines.push(code.slice(start, place));
    start = place;
  }
  lines.push(code.slice(start));
  return lines.join("\n");
}

function* placesIn(node) {
  if (Array.isArray(node)) for (const one of node) yield* placesIn(one);
  else if (typeof node === "object" && node !== null) {
    const isStatement = /Statement$|Declaration$/.test(node.type) && node.type !== "VariableDeclaration";
    if (isStatement || node.type === "MethodDefinition" || node.type === "PropertyDefinition") yield node.start;
    for (const [key, value] of Object.entries(node)) if (key !== "parent") yield* placesIn(value);
  }
}
