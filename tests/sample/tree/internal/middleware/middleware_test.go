package middleware

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"example.com/pllm/internal/config"
	"example.com/pllm/internal/logger"
	"example.com/pllm/internal/services/cache"
	redisService "example.com/pllm/internal/services/redis"
)

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, nil))
	return rec
}

func TestCacheAsksOnce(t *testing.T) {
	calls := 0
	h := NewCache(time.Minute).Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { calls++ }))
	get(h, "/a")
	get(h, "/a")
	if calls != 1 {
		t.Fatal(calls)
	}
}

func TestGuardrailsBlock(t *testing.T) {
	cfg := &config.Config{Blocked: []string{"secret"}}
	h := Guardrails(cfg, logger.New("test", false), http.NotFoundHandler())
	if rec := get(h, "/?text=my+secret"); rec.Code != http.StatusForbidden {
		t.Fatal(rec.Code)
	}
}

func TestBudgetAsyncQueues(t *testing.T) {
	prices := config.NewModelPricingManager(map[string]float64{"m": 3})
	b := &BudgetAsync{
		Prices: cache.NewPricingCache(new(sync.Map), prices),
		Queue:  redisService.NewUsageQueue("test"),
	}
	get(b.Wrap(http.NotFoundHandler()), "/?model=m")
	if b.Queue.Len() != 1 {
		t.Fatal(b.Queue.Len())
	}
}
