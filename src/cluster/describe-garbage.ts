const TLS_ALERT = 0x15;
const TLS_HANDSHAKE = 0x16;

/** What to tell somebody whose server sent bytes that are not Aerospike's protocol. */
export function describeGarbage(error: unknown, bytes: Uint8Array): string {
  const first = bytes[0];
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  if (start.startsWith("HTTP/")) return "is no Aerospike server: it is a web server";
  if (start.startsWith("SSH-")) return "is no Aerospike server: it is an SSH server";
  if ((first === TLS_ALERT || first === TLS_HANDSHAKE) && bytes[1] === 3) {
    return "expects TLS: connect with TLS, or to the port for clear connections";
  }
  const why = error instanceof Error ? error.message : String(error);
  return `sent bytes that are not Aerospike's protocol: ${why}`;
}
