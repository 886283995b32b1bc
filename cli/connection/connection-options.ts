import { type Command, Option } from "commander";
import { more } from "../more-options.js";

/** What the flags say of where to connect to. */
export interface ConnectionFlags {
  readonly host?: string | undefined;
  readonly cluster?: string | undefined;
  readonly config?: string | undefined;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly auth?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly tlsCa?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly alternate?: boolean | undefined;
  readonly timeout?: string | undefined;
}

/** The options that every command takes; they may stand before it and behind it. */
export function addConnectionOptions(program: Command): void {
  const shown = [
    new Option("-H, --host <hosts>", "hosts (h1:3000,h2:3000) or a URL (aerospike://h1,h2)"),
    new Option("-c, --cluster <name>", "a cluster of the config file"),
  ];
  const others = [
    new Option("--config <file>", "the config file"),
    new Option("-U, --user <name>", "the user's name"),
    new Option("--password-file <file>", "a file whose first line is the password"),
    new Option("--auth <mode>", "internal, external or certificate").choices(["internal", "external", "certificate"]),
    new Option("--tls", "TLS towards every node"),
    new Option("--tls-ca <file>", "certificates of the authorities to trust, PEM"),
    new Option("--tls-cert <file>", "the client's certificate, PEM"),
    new Option("--tls-key <file>", "its key; its passphrase is in AEROSPIKE_TLS_KEY_PASSPHRASE"),
    new Option("--alternate", "use the addresses that nodes announce as alternate"),
    new Option("--timeout <ms>", "time to connect, 1000 to 600000; default 10000"),
  ];
  for (const option of shown) program.addOption(option);
  for (const option of others) program.addOption(more(option));
}
