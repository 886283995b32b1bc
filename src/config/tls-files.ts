import type { ConnectTlsOptions } from "../client/tls-settings.js";
import { NODE_TLS_OPTIONS } from "../transport/tls-options.js";
import type { Place } from "./place.js";

/** Reads what a document names: what it has is known before anything is made of it. */
export interface TlsFiles {
  /** Contents of a file that {@link namedFiles} found. */
  read(name: string): Uint8Array;
  /** A variable of the environment. */
  env(name: string): string | undefined;
}

/** Settings whose contents are in files, by the name that has the path. */
const FILES = { caFile: "ca", certFile: "cert", keyFile: "key", pfxFile: "pfx" } as const;
const VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const NAMES = [
  ...Object.keys(FILES),
  "passphraseEnv",
  "forLoginOnly",
  "minVersion",
  "maxVersion",
  "ciphers",
  "revokedSerials",
];

/** The paths of files that a document of this client's own making names. */
export function namedFiles(root: Place): readonly Place[] {
  const tls = root.at("connect")?.at("tls");
  if (tls === undefined || typeof tls.value === "boolean") return [];
  return tls.entries().flatMap(([name, place]) => (Object.hasOwn(FILES, name) ? [place] : []));
}

/** `true`, `false`, or what to trust and to show. */
export function readTls(root: Place, files: TlsFiles): boolean | ConnectTlsOptions {
  if (typeof root.value === "boolean") return root.value;
  const tls: Record<string, unknown> = {};
  for (const [name, place] of root.entries()) {
    if (isFile(name)) tls[FILES[name]] = files.read(place.text());
    else if (name === "passphraseEnv") {
      tls["passphrase"] =
        files.env(place.text()) ?? place.refuseSecret("expected the name of a variable of the environment that is set");
    } else if (name === "minVersion" || name === "maxVersion") {
      tls[name] = VERSIONS.some((known) => known === place.value) ? place.value : place.refuse(VERSIONS.join(", "));
    } else if (name === "forLoginOnly") {
      tls[name] = typeof place.value === "boolean" ? place.value : place.refuse("true or false");
    } else if (name === "ciphers") tls[name] = place.text();
    else if (name === "revokedSerials") {
      const serials = place.value;
      const areTexts = Array.isArray(serials) && serials.every((serial) => typeof serial === "string");
      tls[name] = areTexts ? serials : place.refuse("a list of serial numbers in hex, as text");
    } else if (Object.hasOwn(NODE_TLS_OPTIONS, name)) {
      place.refuseSecret(
        `what it says does not belong into this file: name a ${name === "passphrase" ? "variable as passphraseEnv" : `file as ${name}File`}`,
      );
    } else place.refuseName("setting", NAMES);
  }
  return tls;
}

function isFile(name: string): name is keyof typeof FILES {
  return Object.hasOwn(FILES, name);
}
