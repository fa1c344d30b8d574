// Package circuitbreaker stops asking whoever fails all the time.
package circuitbreaker

import "sync"

// Breaker opens after some failures in a row.
type Breaker struct {
	mu        sync.Mutex
	threshold int
	failures  int
}

// New returns a closed breaker.
func New(threshold int) *Breaker { return &Breaker{threshold: threshold} }

// Allow says whether it is worth asking.
func (b *Breaker) Allow() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failures < b.threshold
}

// Report tells the breaker how it went.
func (b *Breaker) Report(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.failures = 0
		return
	}
	b.failures++
}
