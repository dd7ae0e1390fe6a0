export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell runs to complete `wami`; files are offered where WAMI has nothing to say. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# wami completion bash > ~/.local/share/bash-completion/completions/wami
_wami() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$(printf '%q' "$line")"); done < <(wami __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _wami wami
`,
  zsh: `#compdef wami
# wami completion zsh > a folder of your fpath, as _wami
_wami() {
  local -a found
  found=("\${(@f)$(wami __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( $#found )); then compadd -a found; else _files; fi
}
compdef _wami wami
`,
  fish: `# wami completion fish > ~/.config/fish/completions/wami.fish
complete -c wami -a '(wami __complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};
