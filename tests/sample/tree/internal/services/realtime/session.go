// Package realtime keeps the sessions of those who talk all the time.
package realtime

import (
	"sync"

	"example.com/pllm/internal/models"
)

// Session is one conversation.
type Session struct {
	ID    int          `json:"id"`
	Model models.Model `json:"model"`
}

// Sessions numbers conversations.
type Sessions struct {
	mu   sync.Mutex
	last int
}

// NewSessions starts at one.
func NewSessions() *Sessions { return &Sessions{} }

// Open starts a conversation with a model.
func (s *Sessions) Open(model string) Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	return Session{ID: s.last, Model: models.Model{ID: model}}
}
