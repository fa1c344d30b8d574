// Package commands holds the subcommands of pllm.
package commands

import (
	"fmt"
	"sort"
	"strings"
)

type command func(args []string) (string, error)

var table = map[string]command{
	"budget": budgetCommand,
	"key":    keyCommand,
}

// Run finds the subcommand and calls it.
func Run(args []string) (string, error) {
	if len(args) > 0 {
		if run, ok := table[args[0]]; ok {
			return run(args[1:])
		}
	}
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	sort.Strings(names)
	return "", fmt.Errorf("expected one of: %s", strings.Join(names, ", "))
}
