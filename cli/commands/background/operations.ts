import { type Command, Option } from "commander";
import type { Double, Value } from "../../../src/index.js";
import { usage } from "../../failure.js";
import { more } from "../../more-options.js";
import { parseAssignment, parseNumber, parseValue } from "../../values/parse-value.js";

/** The part of a bin's builder that the options use. */
interface BinWrites<P> {
  setTo(value: Value): P;
  add(value: number | bigint | Double): P;
  append(text: string): P;
  prepend(text: string): P;
  remove(): P;
  listAppend(value: Value): P;
  upsertFrom(expression: string): P;
}

/** What has bins that can be written. */
interface BinsBuilder {
  bin(name: string): BinWrites<unknown>;
}

/** An operation on a bin, in the order of the command line. */
export type BinOperation = (builder: BinsBuilder) => void;

const OPERATIONS: readonly {
  readonly option: string;
  readonly help: string;
  readonly replaces: boolean;
  /** Whether it is in the short help. */
  readonly isUsual: boolean;
  parse(option: string, text: string): BinOperation;
}[] = [
  {
    option: "--set <bin=value>",
    help: "write a bin; null removes it",
    replaces: true,
    isUsual: true,
    parse(option, text) {
      const [bin, value] = parseAssignment(option, text);
      const parsed = parseValue(`${option} ${bin}`, value);
      return (builder) => builder.bin(bin).setTo(parsed);
    },
  },
  {
    option: "--compute <bin=expression>",
    help: "write what an expression gives, as '$.price * 2'",
    replaces: true,
    isUsual: true,
    parse(option, text) {
      const [bin, expression] = parseAssignment(option, text);
      return (builder) => builder.bin(bin).upsertFrom(expression);
    },
  },
  {
    option: "--add <bin=n>",
    help: "add to a number",
    replaces: false,
    isUsual: true,
    parse(option, text) {
      const [bin, value] = parseAssignment(option, text);
      const parsed = parseNumber(`${option} ${bin}`, value);
      return (builder) => builder.bin(bin).add(parsed);
    },
  },
  {
    option: "--append <bin=text>",
    help: "put text behind",
    replaces: false,
    isUsual: false,
    parse(option, text) {
      const [bin, value] = parseAssignment(option, text);
      return (builder) => builder.bin(bin).append(value);
    },
  },
  {
    option: "--prepend <bin=text>",
    help: "put text before",
    replaces: false,
    isUsual: false,
    parse(option, text) {
      const [bin, value] = parseAssignment(option, text);
      return (builder) => builder.bin(bin).prepend(value);
    },
  },
  {
    option: "--list-append <bin=value>",
    help: "put a value at the end of a list",
    replaces: false,
    isUsual: false,
    parse(option, text) {
      const [bin, value] = parseAssignment(option, text);
      const parsed = parseValue(`${option} ${bin}`, value);
      return (builder) => builder.bin(bin).listAppend(parsed);
    },
  },
  {
    option: "--remove <bin>",
    help: "remove a bin",
    replaces: false,
    isUsual: true,
    parse: (_option, bin) => (builder) => builder.bin(bin).remove(),
  },
];

/**
 * Adds the options that change bins. They may be repeated, and are carried out in the order of the command line, across
 * options.
 * @returns the operations, filled while the command line is read
 */
export function addOperationOptions(command: Command, kind: "update" | "replace"): readonly BinOperation[] {
  const operations: BinOperation[] = [];
  for (const { option, help, replaces, isUsual, parse } of OPERATIONS) {
    if (kind === "replace" && !replaces) continue;
    const [flag = ""] = option.split(" ");
    const added = new Option(option, help).argParser((text: string) => {
      operations.push(parse(flag, text));
      return text;
    });
    command.addOption(isUsual ? added : more(added));
  }
  return operations;
}

/** Puts the operations on a builder. @throws CliError when there is none */
export function applyOperations(builder: BinsBuilder, operations: readonly BinOperation[]): void {
  if (operations.length === 0) throw usage("nothing to do: say what to change, such as --set bin=value or --add bin=1");
  for (const operation of operations) operation(builder);
}
