import { type Command, Help } from "commander";
import type { Cli } from "./cli.js";
import { EXIT_CODE_WORDS } from "./exit-code.js";
import { MORE } from "./more-options.js";

const EXIT_CODES = EXIT_CODE_WORDS.map(([code, words]) => `  ${String(code).padStart(3)}  ${words}`).join("\n");

const CONNECTION = `Where to connect to; the first that is given counts:
  --host, --cluster          flags
  AEROWIRE_CLUSTER           name of a cluster in the config file
  AEROSPIKE_HOSTS            hosts or a URL
  default = "<name>"         in the config file
  127.0.0.1:3000

Who you are: --user, the config file, the URL or AEROSPIKE_USER. The password: --password-file, the config file,
AEROSPIKE_PASSWORD, or typed when asked; never on the command line.

The config file is ~/.config/aerowire/config.toml, or what --config or AEROWIRE_CONFIG name:
  default = "local"
  [clusters.local]
  hosts = "127.0.0.1:3000"
  [clusters.prod]
  hosts = ["db1:prod:4333", "db2:prod:4333"]   # host:tls-name:port
  production = true                            # every change is asked for twice
  user = "app"
  password-file = "prod.password"              # or password-env = "PROD_PASSWORD"
  tls-ca = "ca.pem"                            # tls-cert and tls-key for mutual TLS
`;

const FOOT = `-H, --host <hosts> or -c, --cluster <name> says where: aerowire help connection
More: aerowire <command> --help; aerowire help <command>, exit-codes`;

/** How help is laid out, so that it fits a screen. */
export function helpLayout(cli: Cli, isWhole: () => boolean): Partial<Help> {
  return {
    styleTitle: (text) => cli.screen.colors.bold(text),
    subcommandTerm: (command) => command.name(),
    optionDescription: (option) => option.description,
    minWidthToWrap: 20,
    visibleOptions: (command) =>
      command.options.filter((option) => !option.hidden && (isWhole() || option.helpGroupHeading !== MORE)),
    visibleArguments: (command) => (isWhole() ? [...command.registeredArguments] : []),
    visibleGlobalOptions: () => [],
    formatHelp(command, helper) {
      if (command.parent !== null) return Help.prototype.formatHelp.call(helper, command, helper);
      const lines = helper
        .visibleCommands(command)
        .map((one) => `  ${one.name().padEnd(11)} ${helper.subcommandDescription(one)}`);
      return `${cli.screen.colors.bold("Usage:")} aerowire <command> [options]\n${lines.join("\n")}\n${FOOT}\n`;
    },
  };
}

/** Adds the command `help`, which shows a topic, or a command with all of its options. */
export function addHelp(program: Command, cli: Cli, showWhole: () => void): void {
  program
    .command("help")
    .argument("[topic]", "connection, exit-codes, or a command")
    .argument("[subcommand]")
    .description("all options of a command, and other topics")
    .action(
      cli.action(async (topic: string | undefined, subcommand: string | undefined) => {
        showWhole();
        if (topic === "connection") {
          const options = program.createHelp();
          const list = program.options.map(
            (option) => `  ${option.flags.padEnd(24)} ${options.optionDescription(option)}`,
          );
          return cli.screen.print(`${CONNECTION}\n${list.join("\n")}`);
        }
        if (topic === "exit-codes") return cli.screen.print(`What aerowire ends with:\n${EXIT_CODES}`);
        const command = topic === undefined ? program : find(program, topic);
        (subcommand === undefined ? command : find(command, subcommand)).outputHelp();
      }),
    );
}

function find(parent: Command, name: string): Command {
  const found = parent.commands.find((command) => command.name() === name);
  return found ?? parent.error(`error: there is no command '${name}'`);
}
