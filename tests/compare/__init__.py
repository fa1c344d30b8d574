"""The Go engine beside gomvpkg, gopls, rf and sed: `make compare` prints the table of docs/go.md."""
