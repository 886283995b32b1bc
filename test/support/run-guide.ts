import { transform } from "esbuild";

/** The blocks of a document that are in a language. */
export function blocksOf(text: string, language: string): string[] {
  return Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")), ([, code = ""]) => code);
}

/** What a program of a guide says that it prints: what stands behind each `console.log`. */
export function announced(program: string): string[] {
  return Array.from(program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm), ([, line = ""]) => line);
}

/**
 * Runs a program of a guide, and returns what it prints, line by line.
 * @param given what the guide takes for granted, by name
 */
export async function runProgram(program: string, given: Readonly<Record<string, unknown>>): Promise<string[]> {
  const printed: string[] = [];
  const log = (...values: readonly unknown[]): void => void printed.push(values.map(String).join(" "));
  const { code } = await transform(`export async function run() {\n${program}\n}`, {
    loader: "ts",
    format: "cjs",
    // For the oldest runtime: newer ones know `await using` by themselves.
    target: "es2022",
  });
  const body = `const module = { exports: {} };\n${code}\nreturn module.exports.run();`;
  await new Function(...Object.keys(given), "console", body)(...Object.values(given), { log });
  return printed;
}
