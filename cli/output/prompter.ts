import { confirm, isCancel, password, select, text } from "@clack/prompts";
import type { Input, Output } from "../io.js";

/** One of several answers. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** Asks the user at the terminal. Ctrl-C and Escape answer `undefined`, which is never a yes. */
export interface Prompter {
  confirm(question: string): Promise<boolean | undefined>;
  text(question: string, placeholder?: string): Promise<string | undefined>;
  password(question: string): Promise<string | undefined>;
  choose<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
}

/** Questions go to stderr, so that they show although the output is piped. */
export function terminalPrompter(input: Input, output: Output): Prompter {
  const streams = { input, output, withGuide: false };
  return {
    confirm: async (message) => answer(await confirm({ ...streams, message, initialValue: false })),
    text: async (message, placeholder) =>
      answer(await text({ ...streams, message, ...(placeholder !== undefined && { placeholder }) })),
    password: async (message) => answer(await password({ ...streams, message })),
    async choose<T extends string>(message: string, choices: readonly Choice<T>[]): Promise<T | undefined> {
      const options = choices.map(({ value, label, hint }) => ({
        value: value as string,
        label,
        ...(hint !== undefined && { hint }),
      }));
      const chosen = answer(await select<string>({ ...streams, message, options }));
      return choices.find(({ value }) => value === chosen)?.value;
    },
  };
}

function answer<T>(given: T): Exclude<T, symbol> | undefined {
  return isCancel(given) || typeof given === "symbol" ? undefined : (given as Exclude<T, symbol>);
}
