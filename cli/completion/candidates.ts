import type { Command, Option } from "commander";
import type { Candidate, Lookup } from "./lookup.js";

/**
 * What could be the last of the words.
 * @param words of the command line behind `aerowire`; the last one is being typed and may be empty
 */
export async function candidates(program: Command, words: readonly string[], lookup: Lookup): Promise<Candidate[]> {
  const current = words.at(-1) ?? "";
  const place = placeOf(program, words.slice(0, -1));
  const all = await candidatesAt(place, current, lookup);
  return all.filter(({ word }) => word.startsWith(current));
}

/** Where the cursor is: a command, its arguments so far, and perhaps an option that waits for its value. */
interface Place {
  readonly command: Command;
  readonly args: readonly string[];
  readonly option: Option | undefined;
}

function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let option: Option | undefined;
  const args: string[] = [];
  for (const word of words) {
    if (option !== undefined) {
      option = undefined;
    } else if (word.startsWith("-") && word !== "-") {
      const found = optionsOf(command).find((one) => one.short === word || one.long === word);
      if (found !== undefined && (found.required || found.optional)) option = found;
    } else {
      const sub = args.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (sub === undefined) args.push(word);
      else command = sub;
    }
  }
  return { command, args, option };
}

/** Its own, and those of the commands that it is in. */
function optionsOf(command: Command): Option[] {
  const own = [...command.options];
  for (let parent = command.parent; parent !== null; parent = parent.parent) own.push(...parent.options);
  return own.filter((option) => !option.hidden);
}

async function candidatesAt({ command, args, option }: Place, current: string, lookup: Lookup): Promise<Candidate[]> {
  if (option !== undefined) return await valuesOf(option, lookup);
  if (current.startsWith("-")) {
    return optionsOf(command).map(({ long, short, description }) => ({ word: long ?? short ?? "", description }));
  }
  if (command.commands.length > 0 && args.length === 0) {
    return command.commands
      .filter((one) => !one.name().startsWith("_"))
      .map((one) => ({ word: one.name(), description: one.description() }));
  }
  const { registeredArguments } = command;
  const argument = registeredArguments[args.length] ?? registeredArguments.findLast(({ variadic }) => variadic);
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return argument.argChoices.map((word) => ({ word, description: "" }));
  return await argumentValues(command, argument.name(), args, lookup);
}

async function valuesOf(option: Option, lookup: Lookup): Promise<Candidate[]> {
  if (option.argChoices !== undefined) return option.argChoices.map((word) => ({ word, description: "" }));
  switch (option.long) {
    case "--cluster":
    case "--production":
      return await lookup.clusters();
    case "--index":
      return await lookup.indexes();
    case "--namespace":
      return await lookup.namespaces();
    case "--node":
      return await lookup.nodes();
    case "--on":
      return await lookup.targets();
    case "--where":
      return [...KEYWORDS];
    default:
      return [];
  }
}

async function argumentValues(
  command: Command,
  name: string,
  args: readonly string[],
  lookup: Lookup,
): Promise<Candidate[]> {
  switch (name) {
    case "target":
    case "set":
      return await lookup.targets();
    case "namespace":
      return await lookup.namespaces();
    case "task":
      return await lookup.tasks();
    case "campaign":
      return await lookup.campaigns();
    case "name":
      return command.parent?.name() === "udf" ? await lookup.modules() : await lookup.indexes(args[0]);
    default:
      return [];
  }
}

/** Words of the expression language. */
export const KEYWORDS: readonly Candidate[] = [
  { word: "$.", description: "a bin, as $.age" },
  ...["and", "or", "not", "in", "true", "false", "exclusive", "when", "let"].map((word) => ({ word, description: "" })),
];
