"""The Go functions that take paths, by package, with the positions of these arguments.

Each is as its package documents it (pkg.go.dev). Numbers count arguments from 0; `REST` means that argument and all
after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Arguments:
    """The arguments of a function that are paths."""

    places: tuple[int, ...] = (0,)
    rest: bool = False
    """Whether all arguments after the last of them are paths, too."""
    words: bool = False
    """Whether they are words of a command line, some of which are paths."""

    def hold(self, index: int) -> bool:
        """Whether the argument is one of them."""
        return index in self.places or (self.rest and index > self.places[-1])


FIRST, SECOND, THIRD, BOTH = Arguments(), Arguments((1,)), Arguments((2,)), Arguments((0, 1))
ALL, REST = Arguments(rest=True), Arguments((1,), rest=True)
COMMAND = Arguments(rest=True, words=True)
COMMAND_REST = Arguments((1,), rest=True, words=True)


def alike_functions(names: str, arguments: Arguments = FIRST) -> dict[str, Arguments]:
    """Several functions that take paths in the same places."""
    return dict.fromkeys(names.split(), arguments)


FUNCTIONS: Mapping[str, Mapping[str, Arguments]] = {
    "os": alike_functions(
        "Open OpenFile OpenInRoot OpenRoot Create CreateTemp ReadFile WriteFile ReadDir Mkdir MkdirAll MkdirTemp "
        "Remove RemoveAll Stat Lstat Chdir DirFS Readlink Truncate Chmod Chown Lchown Chtimes CopyFS"
    )
    | alike_functions("Rename Link", BOTH)
    | {"Symlink": SECOND},  # the target of a link counts from the folder of the link
    "io/ioutil": alike_functions("ReadFile WriteFile ReadDir TempDir TempFile"),
    "io/fs": alike_functions("ReadFile ReadDir Sub Glob Stat WalkDir Lstat ReadLink", SECOND),
    "path/filepath": alike_functions("Walk WalkDir Glob EvalSymlinks Abs"),
    "os/exec": {"Command": COMMAND, "CommandContext": COMMAND_REST, "LookPath": COMMAND},
    "testing/fstest": {"TestFS": REST},
    "net/http": {"Dir": FIRST, "ServeFile": THIRD, "ListenAndServeTLS": Arguments((1, 2))},
    "html/template": alike_functions("ParseFiles ParseGlob", ALL) | {"ParseFS": REST},
    "text/template": alike_functions("ParseFiles ParseGlob", ALL) | {"ParseFS": REST},
    "crypto/tls": {"LoadX509KeyPair": BOTH},
    "go/parser": alike_functions("ParseFile ParseDir", SECOND),
    "go/build": {"ImportDir": FIRST, "Import": BOTH},
    "plugin": {"Open": FIRST},
    "archive/zip": {"OpenReader": FIRST},
    "golang.org/x/tools/go/packages": {"Load": REST},
    "golang.org/x/tools/go/analysis/analysistest": {"Run": SECOND},
    "github.com/joho/godotenv": alike_functions("Load Overload Read", ALL),
    "github.com/magefile/mage/sh": alike_functions("Run RunV Output", COMMAND)
    | alike_functions("RunWith RunWithV OutputWith", COMMAND_REST),
    "github.com/spf13/viper": alike_functions("AddConfigPath SetConfigFile"),
}

# Methods with these names in well-known packages: html/template, testing, embed, viper, and the web frameworks gin,
# echo and fiber.
METHODS: Mapping[str, Arguments] = {
    **alike_functions("ParseFiles ParseGlob LoadHTMLFiles", ALL),
    "ParseFS": REST,
    **alike_functions("Chdir LoadHTMLGlob AddConfigPath SetConfigFile"),
    **alike_functions("Static StaticFile", SECOND),
}
EMBEDDED: Mapping[str, Arguments] = alike_functions("Open ReadFile ReadDir")
"""The methods of `embed.FS`."""

# Functions that make a path from another one, or from its parts.
SHAPING = frozenset(
    [
        "filepath.Join",
        "filepath.FromSlash",
        "filepath.ToSlash",
        "filepath.Clean",
        "filepath.Dir",
        "filepath.Rel",
        "path.Join",
        "path.Clean",
        "path.Dir",
        "fmt.Sprintf",
        "fmt.Sprint",
        "strings.TrimPrefix",
        "strings.TrimSuffix",
        "strings.TrimRight",
        "strings.TrimLeft",
        "strings.TrimSpace",
        "flag.String",
        "pflag.String",
        "cmp.Or",
        "strings.ReplaceAll",
        "strings.Split",
        "strings.Fields",
        "append",
        "string",
        "slices.Concat",
    ]
)
PURE = frozenset(["Join", "FromSlash", "ToSlash", "Clean", "Dir", "Base", "Ext", "Rel", "Split", "Match"])
"""Functions of path/filepath that read no file."""
FLAGS: Mapping[str, int] = {"StringVar": 2, "StringVarP": 3}
"""Functions that set a variable, their first argument, from the command line or from the default at this position."""
FIELDS: Mapping[str, frozenset[str]] = {
    "exec.Cmd": frozenset({"Dir", "Path"}),
    "packages.Config": frozenset({"Dir"}),
}
