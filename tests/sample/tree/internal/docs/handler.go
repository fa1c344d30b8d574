// Package docs serves the handbook that is built into the binary.
package docs

import (
	"embed"
	"io/fs"
	"net/http"

	"example.com/pllm/internal/logger"
)

//go:embed dist/*
var pages embed.FS

// Handler serves the pages below prefix.
func Handler(prefix string, log *logger.Logger) http.Handler {
	sub, err := fs.Sub(pages, "dist")
	if err != nil {
		log.Print("docs: " + err.Error())
		return http.NotFoundHandler()
	}
	return http.StripPrefix(prefix, http.FileServer(http.FS(sub)))
}
