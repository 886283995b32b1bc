/** Words that mean something in the shell alone. */
export const SHELL_COMMANDS: readonly { readonly name: string; readonly help: string }[] = [
  { name: "use", help: "use <namespace.set>: the set that expressions on a line of their own are about" },
  { name: "exit", help: "ends the shell, as Ctrl-D does" },
];

export const SHELL_HELP = `Every command of aerowire works here, without connecting again:
  query test.users --limit 3
  background update test.users --where '$.age > 30' --add score=1 --dry-run
  help <command>
And besides:
${SHELL_COMMANDS.map(({ help }) => `  ${help}`).join("\n")}
  $.age > 30 and $.active == true      an expression: the records of the set in use for which it is true
Tab completes commands, sets, bins and keywords. Lines that begin with a blank are not kept in the history.`;
