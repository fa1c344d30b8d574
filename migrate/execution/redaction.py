"""The one place that decides what is hidden in everything that is written, shared or given to programs.

Hidden are the values of environment variables whose names look like secrets or that the plan names, tokens that are
known by their shape, private keys, and the user and password of a URL. What leaves this machine also loses the folder
of the plan, which says how somebody's disk is laid out.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from os import environ
from pathlib import Path, PurePath
from urllib.parse import quote, quote_plus

STARS = "***"
"""The replacement for hidden text."""

LONG_ENOUGH = 8
"""Characters of a value that is hidden for its variable's name: a shorter one may be any word."""

NAMED_LONG_ENOUGH = 4
"""Characters of a value that is hidden because the plan names its variable."""

PART = 6
"""Characters of a hidden value that are known again where a text was cut."""

NAME = re.compile(
    r"TOKEN(?:_|\d|$)|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE_?KEY|(?:^|_)PRIVATE$|WEBHOOK"
    r"|(?:^|_|API|ACCESS|AUTH)KEYS?(?:_(?!PATH|FILE|DIR|NAME|TYPE)|_?ID$|$)|(?:^|_)(?:PASS|PWD|PAT)(?:_|$)"
    r"|(?:_AUTH|^AUTH|DSN)$",
    re.IGNORECASE,
)
"""Names of variables that hold secrets."""

NO_SECRET = re.compile(r"GIT_CONFIG_KEY_\d+|PWD")
"""Names that only look so."""

KEY = r"-----{} [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
KEY_EDGE = re.compile(KEY.format("(BEGIN|END)").encode())

SHAPE = re.compile(
    r"""
    (?<![A-Za-z0-9])(?:
        gh[pousr]_[A-Za-z0-9]{16,}                                       # GitHub
      | github_pat_\w{16,}
      | gl(?:pat|ptt|rt|dt|cbt|soat|ft|agent|imt)-[\w-]{16,}             # GitLab
      | xox[a-z](?:\.xox[a-z])?-[\w-]{10,} | xapp-[\w-]{10,}             # Slack
      | (?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}                              # AWS
      | AIza[\w-]{35} | ya29\.[\w-]{20,}                                 # Google
      | npm_[A-Za-z0-9]{20,} | pypi-[\w-]{16,} | hf_[A-Za-z0-9]{20,}
      | sk-[\w-]{20,} | [sr]k_(?:live|test)_[A-Za-z0-9]{16,} | dop_v1_[a-f0-9]{32,}
      | eyJ[\w-]{6,}\.eyJ[\w-]{4,}(?:\.[\w-]*)?                          # a JSON web token
    )
    | (?<=://)[^\s/:'"]*:[^\s/'"]+(?=@)                                  # a URL with user and password
    | (?i:(?<=authorization:\ bearer\ )|(?<=authorization:\ basic\ ))\S{8,}
    """,
    re.VERBOSE,
)
BLOCK = re.compile(rf"{KEY.format('BEGIN')}.*?(?:{KEY.format('END')}|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Redaction:
    """What is hidden: `values`, longest first, beside what is known by its shape; `folders` are those of the plan."""

    values: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        return re.compile("|".join(map(re.escape, self.values))) if self.values else None

    @cached_property
    def _parts(self) -> re.Pattern[str]:
        """A text in every text that begins or ends with a part of a value: few texts need a closer look."""
        ends = {part for value in self.values for part in (value[:PART], value[-PART:])}
        return re.compile("|".join(map(re.escape, ends)) or r"(?!)")

    def text(self, text: str, *, is_cut: bool = False) -> str:
        """A text without what is hidden; of one that may be cut, also without the part of a value at its ends."""
        if "PRIVATE KEY" in text:
            text = BLOCK.sub(STARS, text)
        text = SHAPE.sub(STARS, text)  # First: a value that is a part of a token would leave the rest of it.
        if self._known is not None:
            text = self._known.sub(STARS, text)
        return self._without_parts(text) if is_cut and self._parts.search(text) else text

    def shared(self, text: str) -> str:
        """A text that leaves this machine: without what is hidden, and without the folder of the plan."""
        text = self.text(text, is_cut=True)
        for folder in self.folders:
            text = re.sub(rf"(?<![\w.-]){re.escape(folder)}/", "", text)
        return text

    def _without_parts(self, text: str) -> str:
        body = text.rstrip("….")
        for value in self.values:
            sizes = range(min(len(value) - 1, len(body)), PART - 1, -1)
            end = next((size for size in sizes if body.endswith(value[:size])), 0)
            begin = next((size for size in sizes if body.startswith(value[-size:])), 0)
            body = (STARS if begin else "") + body[begin : len(body) - end] + (STARS if end else "")
        return body + text[len(text.rstrip("….")) :]


@dataclass
class Current:
    """The present redaction: by the environment, until a plan adds more."""

    redaction: Redaction | None = field(default=None)
    told: tuple[str, ...] = ()
    """Values that were read somewhere else than in the environment, such as a token for a forge."""


CURRENT = Current()


def hide_values(
    names: Sequence[str] = (), given: Mapping[str, str] | None = None, folders: Iterable[Path] = ()
) -> None:
    """Set what is hidden from now on in this process, in addition to what the environment says.

    `names` are variables, or globs of them, that a plan names; `given` are those that it sets; `folders` are its own.
    """
    variables = [*environ.items(), *(given or {}).items()]
    places = dict.fromkeys(str(each) for folder in folders for each in (folder.absolute(), folder.resolve()))
    values = {*hidden_values(variables, names), *(form for value in CURRENT.told for form in hidden_forms(value))}
    CURRENT.redaction = Redaction(longest_first(values), tuple(p for p in places if p != "/"))


def hide_value(value: str) -> None:
    """Hide one more value from now on in this process, whatever a plan says later."""
    CURRENT.told = (*CURRENT.told, value)
    before = current_redaction()
    CURRENT.redaction = Redaction(longest_first({*before.values, *hidden_forms(value)}), before.folders)


def hidden_values(variables: Iterable[tuple[str, str]], names: Sequence[str]) -> tuple[str, ...]:
    """The values that are hidden, longest first, also as they stand in a URL: each line of them that is long enough."""
    found: set[str] = set()
    for name, value in variables:
        is_named = any(fnmatchcase(name, glob) for glob in names)
        if is_named or (NAME.search(name) and not NO_SECRET.fullmatch(name)):
            least = NAMED_LONG_ENOUGH if is_named else LONG_ENOUGH
            lines = [line.strip() for line in value.splitlines()]
            found |= {form for line in lines if len(line) >= least for form in hidden_forms(line)}
    return longest_first(found)


def longest_first(values: Iterable[str]) -> tuple[str, ...]:
    """The values in an order in which none is part of a later one."""
    return tuple(sorted(values, key=lambda value: (-len(value), value)))


def hidden_forms(value: str) -> set[str]:
    """A value as it may be written: as it is, in a URL, in a form, in JSON."""
    written = [json.dumps(value, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True)]
    return {value, quote(value, safe=""), quote(value), quote_plus(value), *written}


def current_redaction() -> Redaction:
    """What is hidden now."""
    if CURRENT.redaction is None:
        hide_values()
    assert CURRENT.redaction is not None
    return CURRENT.redaction


def redact(text: str, *, is_cut: bool = False) -> str:
    """A text without what is hidden."""
    return current_redaction().text(text, is_cut=is_cut)


def shared_text(text: str) -> str:
    """A text that leaves this machine: without what is hidden, and without the folder of the plan."""
    return current_redaction().shared(text)


def key_edge(raw: bytes) -> bool | None:
    """Whether a private key goes on behind some output: True where one has begun in it, False where one has ended.

    None where neither is in it, so that what was before goes on.
    """
    edges = KEY_EDGE.findall(raw) if b"PRIVATE KEY" in raw else ()
    return edges[-1] == b"BEGIN" if edges else None


def redacted_values(value: object) -> object:
    """Data for programs without hidden texts, in all lists and tables."""
    return mapped(value, redact)


def shared_values(value: object) -> object:
    """Data for a text that leaves this machine."""
    return mapped(value, shared_text)


def mapped(value: object, change: Callable[[str], str]) -> object:
    """Data in which every text is changed."""
    if isinstance(value, str):
        return change(str(value))
    if isinstance(value, Mapping):
        return {key: mapped(each, change) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [mapped(each, change) for each in value]
    return value


def shared_command(command: str) -> str:
    """A command as it was typed, with the last part of every absolute path alone, and without what is hidden."""
    try:
        words = shlex.split(command)
    except ValueError:
        return shared_text(command)
    return shared_text(shlex.join(without_folder(word) for word in words))


def without_folder(word: str) -> str:
    """A word of a command: `--plan=/home/ada/migrate.toml` becomes `--plan=migrate.toml`."""
    found = re.match(r"(?:--?[\w-]+=?)?(?=/)", word)
    return found[0] + PurePath(word[found.end() :]).name if found is not None else word
