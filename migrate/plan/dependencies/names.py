"""Names of files in texts: whoever writes the name of a file may use the file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

WORD = r"(?<![\w-]){}(?![\w-])"
END = r"(?<=/){}(?![\w-])"


class FileNames:
    """The words that may name the files of a folder."""

    def __init__(self, files: Iterable[str]) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        self._folders: dict[str, set[str]] = defaultdict(set)
        self._stems: dict[str, set[str]] = defaultdict(set)
        for file in files:
            path = PurePosixPath(file)
            self._names[path.name].add(file)
            for part in path.parts[:-1]:
                self._folders[part].add(file)
            if path.suffix and path.suffix != ".py":
                self._stems[path.stem].add(file)

    def written_out(self, texts: Collection[str]) -> set[str]:
        """The files whose whole names stand in the string literals of a program."""
        return found_names(self._names, "\n".join(texts), WORD)

    def meant(self, texts: Collection[str]) -> set[str]:
        """The files whose names, stems or folders are in the texts: programs may complete such names."""
        whole = "\n".join(texts)
        return (
            found_names(self._names, whole, WORD)
            | found_names(self._folders, whole, WORD)
            | found_names(self._stems, whole, WORD)
        )

    def in_file(self, text: str) -> set[str]:
        """The files that a script or a settings file names; a stem counts when it ends a path, as in `./util`."""
        return (
            found_names(self._names, text, WORD)
            | found_names(self._folders, text, WORD)
            | found_names(self._stems, text, END)
        )


def found_names(words: dict[str, set[str]], text: str, pattern: str) -> set[str]:
    """The files one of whose words is in a text as a word of its own."""
    files: set[str] = set()
    for word, called in words.items():
        if word in text and re.search(pattern.format(re.escape(word)), text):
            files |= called
    return files
