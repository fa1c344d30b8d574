package services

import (
	"sync"
	"testing"

	redisService "example.com/pllm/internal/services/redis"
)

// TestRedisTogether uses the queue and the budgets side by side. It stands in the wrong package: nothing here is of it.
func TestRedisTogether(t *testing.T) {
	queue, budgets := redisService.NewUsageQueue("t"), redisService.NewBudgetCache()
	var wg sync.WaitGroup
	for i := 0; i < 20; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			queue.Push(redisService.UsageRecord{Model: "m", Cost: 0.5})
			budgets.Add("team", 0.5)
		}()
	}
	wg.Wait()
	if queue.Len() != 20 || budgets.Spent("team") != 10 {
		t.Fatal(queue.Len(), budgets.Spent("team"))
	}
}
