/**
 * Scripts for shells. All they do is to ask `aerowire __complete`, which prints a candidate a line, with a tab before its
 * description: so what is offered never differs from the version that is installed.
 */
export const SCRIPTS = {
  bash: `# aerowire completion for bash: eval "$(aerowire completion bash)"
_aerowire() {
  local line=\${COMP_LINE:0:COMP_POINT} IFS=$'\\n'
  local -a words
  local cur
  # COMP_WORDS is cut at colons and equals signs; blanks are what divides here.
  IFS=' ' read -r -a words <<< "$line"
  [[ $line == *' ' ]] && words+=("")
  cur=\${words[\${#words[@]}-1]}
  COMPREPLY=($(aerowire __complete -- "\${words[@]:1}" 2>/dev/null | cut -f1))
  # Behind a colon bash replaces only what follows it.
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local head=\${cur%"\${cur##*:}"} i
    for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=\${COMPREPLY[i]#"$head"}; done
  fi
}
complete -o default -F _aerowire aerowire
`,
  zsh: `#compdef aerowire
# aerowire completion for zsh: source <(aerowire completion zsh)
_aerowire() {
  local -a lines described
  local line
  lines=("\${(@f)$(aerowire __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    [[ -z $line ]] && continue
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#described )); then _describe 'aerowire' described; else _files; fi
}
(( $+functions[compdef] )) && compdef _aerowire aerowire
`,
  fish: `# aerowire completion for fish: aerowire completion fish | source
function __aerowire_complete
    set -l words (commandline -opc)
    aerowire __complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c aerowire -f -a '(__aerowire_complete)'
# Files where a command takes one.
complete -c aerowire -F -n '__fish_seen_subcommand_from export import register emulator'
`,
} as const;

export type ShellName = keyof typeof SCRIPTS;
export const SHELLS = Object.keys(SCRIPTS) as readonly ShellName[];
