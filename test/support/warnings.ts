/** What the client warns of while something is done, in place of printing it. */
export async function warningsOf(work: () => Promise<void>): Promise<string[]> {
  const printing = process.listeners("warning");
  const warnings: string[] = [];
  const keep = (warning: Error): void => {
    if (warning.name === "AerowireWarning") warnings.push(warning.message);
    else for (const print of printing) print(warning);
  };
  for (const print of printing) process.off("warning", print);
  process.on("warning", keep);
  try {
    await work();
    // Node.js tells of warnings a little later.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("warning", keep);
    for (const print of printing) process.on("warning", print);
  }
  return warnings;
}
