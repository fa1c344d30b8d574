// Package audit remembers who did what.
package audit

import "sync"

import (
	"fmt"
	"time"
)

import "example.com/pllm/internal/models"

// Logger is the trail.
type Logger struct {
	mu      sync.Mutex
	entries []string
}

// New returns an empty trail.
func New() *Logger { return &Logger{} }

// Write adds an entry.
func (l *Logger) Write(who models.User, what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, fmt.Sprintf("%s %s %s", time.Now().Format(time.DateOnly), who.Name, what))
}

// Entries returns a copy of the trail.
func (l *Logger) Entries() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.entries...)
}
