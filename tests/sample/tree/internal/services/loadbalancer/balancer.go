// Package loadbalancer takes turns between names. It leaves out whoever
// [example.com/pllm/internal/services/circuitbreaker] says is down;
// to try again, see internal/services/retry.
package loadbalancer

import "example.com/pllm/internal/services/circuitbreaker"

// Balancer takes turns.
type Balancer struct {
	names    []string
	breakers map[string]*circuitbreaker.Breaker
	turn     int
}

// New returns a balancer of names.
func New(names ...string) *Balancer {
	b := &Balancer{names: names, breakers: map[string]*circuitbreaker.Breaker{}}
	for _, name := range names {
		b.breakers[name] = circuitbreaker.New(1)
	}
	return b
}

// Next returns the next name that is not down, or nothing.
func (b *Balancer) Next() string {
	for range b.names {
		name := b.names[b.turn%len(b.names)]
		b.turn++
		if b.breakers[name].Allow() {
			return name
		}
	}
	return ""
}

// Report tells how a name did.
func (b *Balancer) Report(name string, err error) { b.breakers[name].Report(err) }
