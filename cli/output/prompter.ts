import { isCancel, password, select, text } from "@clack/prompts";
import type { Choice, Input, Output, Prompter } from "../io.js";

/** Questions go to stderr, so that they show although the output is piped. */
export function terminalPrompter(input: Input, output: Output): Prompter {
  const streams = { input, output, withGuide: false };
  return {
    confirm: async (question) => {
      const message = `${question} (y/N)`;
      const typed = answer(
        await text({ ...streams, message, validate: (given) => (isYes(given) === undefined ? "y or n" : undefined) }),
      );
      return typed === undefined ? undefined : isYes(typed);
    },
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

/**
 * A word, ended by Enter: with a question that is answered by the key alone, whoever is used to Enter types it into what comes
 * next. Undefined for another word.
 */
function isYes(word = ""): boolean | undefined {
  if (/^y(es)?$/i.test(word.trim())) return true;
  return /^(no?)?$/i.test(word.trim()) ? false : undefined;
}

function answer<T>(given: T): Exclude<T, symbol> | undefined {
  return isCancel(given) || typeof given === "symbol" ? undefined : (given as Exclude<T, symbol>);
}
