package cache

import (
	"context"
	"sync"
	"testing"

	"example.com/pllm/internal/config"
)

func TestPriceIsKept(t *testing.T) {
	prices := map[string]float64{"m": 1.5}
	pc := NewPricingCache(new(sync.Map), config.NewModelPricingManager(prices))
	for i := 0; i < 2; i++ {
		if got, ok := pc.Price(context.Background(), "m"); !ok || got != 1.5 {
			t.Fatal(got, ok)
		}
		delete(prices, "m")
	}
}
