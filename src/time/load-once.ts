/**
 * Code that is loaded when it is first asked for. `import()` alone would look it up again each time, which takes longer
 * than building a command; this gives what was loaded at once.
 */
export function loadOnce<M>(load: () => Promise<M>): () => M | Promise<M> {
  let loaded: M | undefined;
  return () => {
    if (loaded !== undefined) return loaded;
    return load().then((code) => {
      loaded = code;
      return code;
    });
  };
}
