import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { checkTls } from "../../../../src/transport/check-tls.js";
import type { NodeTlsOptions } from "../../../../src/transport/tls-options.js";

const PEM = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
const bytes = (text: string) => new TextEncoder().encode(text);
/** Test runners give programs a realm of their own, and files are read in another one. */
const FOREIGN: Uint8Array = runInNewContext("Uint8Array").from(bytes(PEM));

describe("certificates and keys", () => {
  it.each<NodeTlsOptions>([
    {},
    { ca: PEM },
    { ca: bytes(`a comment\n${PEM}`) },
    { ca: [PEM, bytes(PEM)] },
    { ca: [] },
    { ca: PEM, cert: PEM, key: bytes(PEM) },
    { ca: FOREIGN, cert: FOREIGN, key: FOREIGN },
    { pfx: bytes("binary") },
  ])("may be contents of PEM files: %#", (tls) => {
    expect(() => checkTls(tls)).not.toThrow();
  });

  it.each<[NodeTlsOptions, string]>([
    [
      { ca: "/etc/ca.pem" },
      "tls.ca: expected the contents of a PEM file, which have a line -----BEGIN …, got a text without one",
    ],
    [
      { ca: new Uint8Array(3) },
      "tls.ca: expected the contents of a PEM file, which have a line -----BEGIN …, got bytes without one. Is it a path, or DER?",
    ],
    [{ ca: [PEM, "ca.pem"] }, "tls.ca[1]: expected the contents of a PEM file"],
    [{ ca: null as never }, "tls.ca: expected the contents of a PEM file, as text or bytes, got null"],
    [{ cert: PEM, key: "secret.pem" }, "tls.key: expected the contents"],
    [{ cert: "cert.pem", key: PEM }, "tls.cert: expected the contents"],
    [{ cert: PEM }, "tls.cert was given without tls.key"],
    [{ key: PEM }, "tls.key was given without tls.cert"],
  ])("are refused where they are none: %#", (tls, message) => {
    expect(() => checkTls(tls)).toThrow(TypeError);
    expect(() => checkTls(tls)).toThrow(message);
  });

  it("are not shown", () => {
    expect(() => checkTls({ cert: PEM, key: "a secret key" })).toThrow(/^(?!.*a secret key)/);
  });
});
