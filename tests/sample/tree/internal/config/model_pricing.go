package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
)

const pricesFile = "model_prices.json"

// candidates are tried, in this order, when the asked folder has no prices.
var candidates = []string{
	"internal/config/model_prices.json",
	"/etc/pllm/model_prices.json",
}

// ModelPricingManager knows what a thousand tokens of a model cost.
type ModelPricingManager struct {
	prices   map[string]float64
	fallback bool
}

// NewModelPricingManager returns a manager of the given prices.
func NewModelPricingManager(prices map[string]float64) *ModelPricingManager {
	return &ModelPricingManager{prices: prices}
}

// LoadDefaultPricing reads the price list in dir, or the first candidate that is there.
func LoadDefaultPricing(dir string) (*ModelPricingManager, error) {
	for i, name := range append([]string{filepath.Join(dir, pricesFile)}, candidates...) {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var prices map[string]float64
		if err := json.Unmarshal(text, &prices); err != nil {
			return nil, fmt.Errorf("config: %s: %w", name, err)
		}
		return &ModelPricingManager{prices: prices, fallback: i > 0}, nil
	}
	return nil, fmt.Errorf("config: no %s in %s or anywhere else", pricesFile, dir)
}

// Price returns the price of a thousand tokens.
func (m *ModelPricingManager) Price(model string) (float64, bool) {
	price, ok := m.prices[model]
	return price, ok
}

// Fallback says that the asked folder had no prices, and a candidate was taken.
func (m *ModelPricingManager) Fallback() bool { return m.fallback }

// Len counts the known models.
func (m *ModelPricingManager) Len() int { return len(m.prices) }

// Names lists the known models.
func (m *ModelPricingManager) Names() []string {
	names := make([]string, 0, len(m.prices))
	for name := range m.prices {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
