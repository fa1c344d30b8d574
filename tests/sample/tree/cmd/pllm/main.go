// Command pllm is the administrator's command line.
package main

import (
	"fmt"
	"os"

	"example.com/pllm/cmd/pllm/commands"
)

func main() {
	out, err := commands.Run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "pllm:", err)
		os.Exit(1)
	}
	fmt.Println(out)
}
