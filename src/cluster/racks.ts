// The value of `rack-ids`: <namespace>:<rack>;<namespace>:<rack>…   On the Community Edition it is an error.

/** A node's rack by namespace; empty where the server knows no racks. */
export function parseRacks(text: string): ReadonlyMap<string, number> {
  const racks = new Map<string, number>();
  if (/^(error|fail)/i.test(text)) return racks;
  for (const entry of text.split(";")) {
    const colon = entry.lastIndexOf(":");
    const rack = Number(entry.slice(colon + 1));
    if (colon > 0 && Number.isInteger(rack)) racks.set(entry.slice(0, colon), rack);
  }
  return racks;
}
