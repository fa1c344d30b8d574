// Package retry does things again until they work.
package retry

import (
	"context"
	"time"
)

// Policy says how often and how fast.
type Policy struct {
	Attempts int
	Base     time.Duration
}

// Do calls fn until it works, the attempts are used up or ctx is done.
func Do(ctx context.Context, p Policy, fn func() error) error {
	var err error
	for i := 0; i < p.Attempts; i++ {
		if err = fn(); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(backoff(p.Base, i)):
		}
	}
	return err
}

// backoff doubles the wait each time.
func backoff(base time.Duration, attempt int) time.Duration { return base << attempt }
