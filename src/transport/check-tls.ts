import { describe } from "../../protocol/value/invalid-value.js";
import { isBytes } from "../../protocol/value/pack.js";
import type { NodeTlsOptions } from "./tls-options.js";

/**
 * Refuses what is no certificate or key, such as a file's path: as an authority the runtime would pass over it in silence,
 * and say later that a certificate can't be trusted.
 *
 * @throws TypeError naming the option; what was given is not shown, for it may be a key
 */
export function checkTls({ ca, cert, key }: NodeTlsOptions): void {
  const authorities: readonly unknown[] = Array.isArray(ca) ? ca : [ca];
  authorities.forEach((authority, i) => {
    checkPem(Array.isArray(ca) ? `ca[${i}]` : "ca", authority);
  });
  checkPem("cert", cert);
  checkPem("key", key);
  if ((cert === undefined) === (key === undefined)) return;
  const [given, missing] = cert === undefined ? ["key", "cert"] : ["cert", "key"];
  throw new TypeError(
    `tls.${given} was given without tls.${missing}: a client shows a certificate together with its key`,
  );
}

function checkPem(name: string, value: unknown): void {
  if (value === undefined) return;
  const areBytes = typeof value === "object" && value !== null && isBytes(value);
  if (typeof value !== "string" && !areBytes) {
    throw new TypeError(`tls.${name}: expected the contents of a PEM file, as text or bytes, got ${describe(value)}`);
  }
  const text = areBytes ? new TextDecoder().decode(value) : value;
  if (text.includes("-----BEGIN ")) return;
  const given = areBytes ? "bytes" : "a text";
  throw new TypeError(
    `tls.${name}: expected the contents of a PEM file, which have a line -----BEGIN …, got ${given} without one. Is it a path, or DER?`,
  );
}
