package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"example.com/pllm/internal/config"
	"example.com/pllm/internal/logger"
	"example.com/pllm/internal/router"
	"example.com/pllm/internal/services/cache"
)

// TestMain runs from the top of the repository, as the program does.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestCheckFindsFiles(t *testing.T) {
	if err := check(config.Load()); err != nil {
		t.Fatal(err)
	}
}

func TestPricingFallsBackToCandidates(t *testing.T) {
	if _, err := config.LoadDefaultPricing("no/such/folder"); err != nil {
		t.Fatal(err)
	}
}

func TestPricingCacheReloads(t *testing.T) {
	pc := cache.NewPricingCache(new(sync.Map), config.NewModelPricingManager(nil))
	if err := pc.Reload(); err != nil {
		t.Fatal(err)
	}
}

func TestServesHealth(t *testing.T) {
	h := router.New(config.Load(), logger.New("test", false), new(sync.Map))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/health", nil))
	if rec.Code != http.StatusOK {
		t.Fatalf("GET /health: %d", rec.Code)
	}
}
