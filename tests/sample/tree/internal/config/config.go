// Package config says how the gateway runs.
package config

import (
	"os"
	"time"
)

// Version is set by the linker: -X example.com/pllm/internal/config.Version=…
var Version = "dev"

// notesPath is a page of the handbook, not a folder of this repository.
const notesPath = "internal/configuration-notes"

// Config is everything that the server needs to know.
type Config struct {
	Addr      string
	MasterKey string
	Debug     bool
	CacheTTL  time.Duration
	PerMinute int
	Blocked   []string
	Prices    *ModelPricingManager
}

// Load reads the environment and the default prices.
func Load() *Config {
	cfg := &Config{
		Addr:      ":8080",
		MasterKey: os.Getenv("PLLM_MASTER_KEY"),
		Debug:     os.Getenv("PLLM_DEBUG") != "",
		CacheTTL:  time.Minute,
		PerMinute: 60,
		Blocked:   []string{"password"},
	}
	prices, err := LoadDefaultPricing("internal/config")
	if err != nil {
		prices = NewModelPricingManager(nil)
	}
	cfg.Prices = prices
	return cfg
}

// Help says where the handbook explains the settings.
func Help() string { return "https://handbook.example.com/" + notesPath }
