/** Data about the cluster as one line of JSON: bigints are text, Maps objects. Values of records are typed JSON instead. */
export function toJson(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value === "bigint") return String(value);
    return value instanceof Map ? Object.fromEntries(value) : value;
  });
}
