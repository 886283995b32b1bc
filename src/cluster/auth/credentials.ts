import type { LoginRequest } from "../../../protocol/security/login.js";
import { hashPassword } from "../../../protocol/security/password-hash.js";
import type { Runtime } from "../../../runtime/runtime.js";
import { NodeLogins } from "./login.js";
import type { LoginMemory } from "./login-memory.js";

/**
 * Who logs in, to a cluster with security (Enterprise Edition).
 * - `internal`: a user that the cluster knows itself
 * - `external`: one that it knows through LDAP; the password travels in the clear, so use TLS
 * - `certificate`: the client certificate of the TLS connection says who it is
 */
export type Credentials =
  | { readonly kind: "internal" | "external"; readonly user: string; readonly password: string }
  | { readonly kind: "certificate" };

/** What goes over the wire for the credentials; all nodes share it, as the password may change. */
export interface LoginCredentials extends LoginRequest {
  credential: string | undefined;
}

/** How nodes are logged in to. Takes some tenth of a second where the memory does not know the hash, in small portions. */
export async function prepareLogin(
  credentials: Credentials,
  runtime: Runtime,
  memory: LoginMemory,
): Promise<NodeLogins> {
  memory.credentials ??= await onTheWire(credentials, runtime);
  return new NodeLogins(memory.credentials, runtime, memory.tokens);
}

async function onTheWire(credentials: Credentials, runtime: Runtime): Promise<LoginCredentials> {
  if (credentials.kind === "certificate") return { user: undefined, credential: undefined, clearPassword: undefined };
  const { kind, user, password } = credentials;
  return {
    user,
    credential: await hashInPortions(password, runtime),
    clearPassword: kind === "external" ? password : undefined,
  };
}

/** The hash that servers know a password by. Takes some tenth of a second, in small portions. */
export function hashInPortions(password: string, runtime: Runtime): Promise<string> {
  const breathe = (): Promise<void> =>
    new Promise((resolve) => {
      runtime.setTimer(0, resolve, true);
    });
  return hashPassword(password, breathe);
}
