"""What shells are told, and how they ask and are answered."""

from __future__ import annotations

import shlex
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_cli.completion.words import Candidate


class Shell(StrEnum):
    """The shells that can be told."""

    BASH = "bash"
    FISH = "fish"
    ZSH = "zsh"


# Bash cuts words at "=", ":" and "@" as well as at spaces; it is asked for the line, and given the rest of a word. The
# lines are read one by one: it would take "a*" in a list for the names of files, and macOS has a bash without "mapfile".
BASH: Final = """\
# Completion of pikku. In ~/.bashrc:  eval "$(pikku completion bash)"
_pikku() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <("$1" completion bash -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -o default -F _pikku pikku
"""
ZSH: Final = """\
#compdef pikku
# Completion of pikku. In ~/.zshrc, after compinit:  eval "$(pikku completion zsh)"
_pikku() {
    local -a found
    found=("${(@f)$("${words[1]}" completion zsh -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n "${found[1]}" ]]; then
        _describe pikku found
    else
        _files
    fi
}
compdef _pikku pikku
"""
FISH: Final = """\
# Completion of pikku. In ~/.config/fish/config.fish:  pikku completion fish | source
function __pikku
    set -l words (commandline -opc)
    $words[1] completion fish -- $words[2..] (commandline -ct) 2>/dev/null
end
complete -c pikku -a '(__pikku)'
"""
SCRIPTS: Final = {Shell.BASH: BASH, Shell.FISH: FISH, Shell.ZSH: ZSH}

_BREAKS: Final = "=:@"


def asked(shell: Shell, words: Sequence[str]) -> list[str]:
    """The words after `pikku` that a shell asks about, the last one unfinished."""
    if shell is not Shell.BASH:
        return list(words)
    line = words[0] if words else ""
    found = _split(line)
    return [*found[1:], ""] if line.endswith(" ") or len(found) < 2 else found[1:]


def answer(shell: Shell, words: Sequence[str], found: Sequence[Candidate]) -> list[str]:
    """The lines that a shell reads.

    Args:
        words: What `asked` made of its question.
    """
    match shell:
        case Shell.BASH:
            last = words[-1] if words else ""
            start = max(last.rfind(letter) for letter in _BREAKS) + 1
            return [one.word[start:] for one in found]
        case Shell.ZSH:
            return [f"{_escaped(one.word)}:{one.help}" for one in found]
        case Shell.FISH:
            return [f"{one.word}\t{one.help}" for one in found]


def _escaped(word: str) -> str:
    """A word for zsh, where what stands after a colon describes it."""
    return word.replace("\\", "\\\\").replace(":", "\\:")


def _split(line: str) -> list[str]:
    """The words of a line as a shell reads them; a quote that is still open goes to its end."""
    for closing in ("", '"', "'"):
        try:
            return shlex.split(line + closing)
        except ValueError:
            continue
    return line.split()
