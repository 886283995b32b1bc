const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes; undefined when they are not UTF-8. */
export function strictText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
