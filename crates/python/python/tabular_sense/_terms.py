"""Messages of the command line in the terms of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

# At run time, imported only when it is needed: most programs need no message.
if TYPE_CHECKING:
    import re

#: Flags whose value follows them, and whose arguments take one value.
_WITH_VALUE = "config|on-bad-line|on-nonfinite|resume|split|strategy"


def in_python(text: str) -> str:
    """A message or a hint with arguments in place of flags, and calls in place of commands.

    >>> in_python("leave out such batches with --on-nonfinite skip; choose another folder with --run")
    'leave out such batches with on_nonfinite="skip"; choose another folder with run=…'
    >>> in_python("resume nevertheless with --allow-change data.split --allow-change seed --strategy weights-only")
    'resume nevertheless with allow_change=["data.split", "seed"], strategy="weights-only"'
    >>> in_python("`tabular-sense train --run runs/mine` starts one; without --samples, `train` makes its own")
    '`tabular_sense.train(run="runs/mine")` starts one; without samples=…, `train` makes its own'
    """
    if ("--" not in text and "tabular-sense" not in text) or "pip install" in text:
        return text
    import re

    text = re.sub(r"`tabular-sense (train|generate|evaluate|predict)((?: [^`]*)?)`", lambda found: _call(*found.groups()), text)
    text = re.sub(r"(?:--allow-change (?!takes\b)[^\s,;)]+ ?)+", _changes, text)
    text = re.sub(rf"--({_WITH_VALUE})[ =]([a-z][\w-]*)(?=[ ;,.)]|$)", lambda found: f'{_name(found[1])}="{found[2]}"', text)
    return re.sub(r"(?<![\w-])--([a-z][a-z-]+)(?: FILE\b)?", lambda found: f"{_name(found[1])}={_value(found[1])}", text)


def _call(command: str, arguments: str) -> str:
    """`` train --run X`` as ``tabular_sense.train(run="X")``."""
    words = arguments.split()
    given = []
    while words:
        flag = words.pop(0)
        value = words.pop(0) if words and not words[0].startswith("-") else "True"
        value = value if value.isupper() or value == "True" else f'"{value}"'
        given.append(value if not flag.startswith("--") else f"{_name(flag[2:])}={value}")
    return f"`tabular_sense.{command}({', '.join(given)})`"


def _changes(found: re.Match[str]) -> str:
    fields = [f'"{field}"' for field in found[0].split() if field != "--allow-change"]
    return f"allow_change=[{', '.join(fields)}]" + (", " if found[0].endswith(" ") else "")


def _name(flag: str) -> str:
    return flag.replace("-", "_")


def _value(flag: str) -> str:
    """What stands for the value of an argument."""
    return "True" if flag in ("reset-state", "strict") else "…"
