// Command server is the gateway itself.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"

	"example.com/pllm/internal/config"
	"example.com/pllm/internal/database"
	"example.com/pllm/internal/logger"
	"example.com/pllm/internal/router"
	"example.com/pllm/internal/services/cache"
	"example.com/pllm/internal/services/cachewarm"
)

// The generated API description registers itself.
import _ "example.com/pllm/internal/handlers/swagger"

func main() {
	checkOnly := flag.Bool("check", false, "check the start-up files, then stop")
	version := flag.Bool("version", false, "print the version, then stop")
	flag.Parse()
	if *version {
		fmt.Println(config.Version)
		return
	}
	if err := run(*checkOnly); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(checkOnly bool) error {
	cfg := config.Load()
	log := logger.New("server", cfg.Debug)
	if err := check(cfg); err != nil || checkOnly {
		return err
	}
	if err := cache.Initialize(&cache.Config{TTL: cfg.CacheTTL}); err != nil {
		return err
	}
	defer cache.Close()
	cachewarm.Fill(cache.NewInMemoryCache(cfg.CacheTTL), cfg.Prices.Names())
	log.Print("listening on " + cfg.Addr)
	return http.ListenAndServe(cfg.Addr, router.New(cfg, log, cache.GetClient()))
}

// check looks for everything that is read while the server runs.
func check(cfg *config.Config) error {
	prices, err := config.LoadDefaultPricing("internal/config")
	if err != nil {
		return err
	}
	if prices.Fallback() || cfg.Prices.Fallback() || cfg.Prices.Len() == 0 {
		return errors.New("the price list is not where it should be")
	}
	steps, err := database.Migrations()
	if err == nil && len(steps) == 0 {
		err = errors.New("no migrations were built in")
	}
	return err
}
