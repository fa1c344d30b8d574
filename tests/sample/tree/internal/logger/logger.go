// Package logger writes lines, each with the name of its part.
package logger

import (
	"fmt"
	"io"
	"os"
)

// Logger writes the lines of one part.
type Logger struct {
	out   io.Writer
	part  string
	debug bool
}

// New returns a logger to standard error.
func New(part string, debug bool) *Logger { return &Logger{os.Stderr, part, debug} }

// Print writes a line.
func (l *Logger) Print(msg string) { fmt.Fprintf(l.out, "%s: %s\n", l.part, msg) }

// Debug writes a line when asked to talk much.
func (l *Logger) Debug(msg string) {
	if l.debug {
		l.Print(msg)
	}
}
