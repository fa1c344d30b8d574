package retry_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.com/pllm/internal/services/retry"
)

func TestDoTriesAgain(t *testing.T) {
	calls := 0
	err := retry.Do(context.Background(), retry.Policy{Attempts: 3}, func() error {
		if calls++; calls < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	if err != nil || calls != 3 {
		t.Fatal(calls, err)
	}
}

func TestBackoffDoubles(t *testing.T) {
	if got := retry.Backoff(time.Second, 3); got != 8*time.Second {
		t.Fatal(got)
	}
}
