package integration

import (
	"context"
	"errors"
	"testing"

	"example.com/pllm/internal/services/circuitbreaker"
	"example.com/pllm/internal/services/loadbalancer"
	"example.com/pllm/internal/services/retry"
)

func TestFailover(t *testing.T) {
	lb := loadbalancer.New("bad", "good")
	served := ""
	err := retry.Do(context.Background(), retry.Policy{Attempts: 3}, func() error {
		if served = lb.Next(); served == "bad" {
			lb.Report(served, errors.New("down"))
			return errors.New("down")
		}
		return nil
	})
	if err != nil || served != "good" {
		t.Fatal(served, err)
	}
}

func TestBreakerOpens(t *testing.T) {
	b := circuitbreaker.New(1)
	b.Report(errors.New("down"))
	if b.Allow() {
		t.Fatal("still closed")
	}
}
