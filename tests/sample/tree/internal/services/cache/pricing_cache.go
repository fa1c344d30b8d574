package cache

import (
	"context"
	"errors"
	"sync"

	"example.com/pllm/internal/config"
)

// PricingCache answers price questions without asking the manager twice.
type PricingCache struct {
	client  *sync.Map
	manager *config.ModelPricingManager
}

// NewPricingCache returns a pricing cache in the given store.
func NewPricingCache(client *sync.Map, manager *config.ModelPricingManager) *PricingCache {
	return &PricingCache{client: client, manager: manager}
}

// Price returns the price of a model.
func (pc *PricingCache) Price(ctx context.Context, model string) (float64, bool) {
	if ctx.Err() != nil {
		return 0, false
	}
	if price, ok := pc.client.Load(model); ok {
		return price.(float64), true
	}
	price, ok := pc.manager.Price(model)
	if ok {
		pc.client.Store(model, price)
	}
	return price, ok
}

// Reload reads the price list again; only the list in its own folder will do.
func (pc *PricingCache) Reload() error {
	manager, err := config.LoadDefaultPricing("internal/config")
	if err != nil {
		return err
	}
	if manager.Fallback() {
		return errors.New("cache: the price list is not where it should be")
	}
	pc.manager = manager
	return nil
}
