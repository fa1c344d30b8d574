// Package ratelimit counts how often somebody asks.
package ratelimit

import (
	"sync"
	"time"
)

// Limiter allows so many questions a minute.
type Limiter struct {
	mu     sync.Mutex
	limit  int
	minute int64
	counts map[string]int
}

// New returns a limiter.
func New(limit int) *Limiter { return &Limiter{limit: limit, counts: map[string]int{}} }

// Allow counts one question.
func (l *Limiter) Allow(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now().Unix() / 60; now != l.minute {
		l.minute, l.counts = now, map[string]int{}
	}
	l.counts[who]++
	return l.counts[who] <= l.limit
}
