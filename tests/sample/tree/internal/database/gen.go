//go:build ignore

// gen lists the migrations beside it; go generate runs it.
package main

import (
	"fmt"
	"path/filepath"

	"example.com/pllm/internal/config"
)

func main() {
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		panic(err)
	}
	fmt.Println(config.Version, names)
}
