/** What comes behind this runtime's name on a command line that runs a program. */
export function programArgs(program: string): string[] {
  return process.versions["deno"] === undefined ? [program] : ["run", "-A", program];
}
