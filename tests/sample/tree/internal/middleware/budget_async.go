package middleware

import (
	"net/http"

	"example.com/pllm/internal/services/cache"
	redisService "example.com/pllm/internal/services/redis"
)

// BudgetAsync notes the price of a request without making it wait.
type BudgetAsync struct {
	Prices *cache.PricingCache
	Queue  *redisService.UsageQueue
}

// Wrap charges each request that goes through.
func (b *BudgetAsync) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		model := r.URL.Query().Get("model")
		if !cache.IsHealthy() {
			w.Header().Set("X-Prices", "fresh")
		}
		if price, ok := b.Prices.Price(r.Context(), model); ok {
			b.Queue.Push(redisService.UsageRecord{Model: model, Cost: price})
		}
		next.ServeHTTP(w, r)
	})
}
