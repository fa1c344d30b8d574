package middleware

import (
	"net/http"
	"net/http/httptest"
	"time"

	"example.com/pllm/internal/services/cache"
)

// Cache remembers the answers to GET requests.
type Cache struct {
	cache cache.Cache
	ttl   time.Duration
}

// NewCache returns a middleware with a memory of its own.
func NewCache(ttl time.Duration) *Cache {
	return &Cache{cache: cache.NewInMemoryCache(ttl), ttl: ttl}
}

// Wrap answers from memory where it can.
func (m *Cache) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := cache.Key("page", r.URL.String())
		body, ok := m.cache.Get(key)
		if !ok || r.Method != http.MethodGet {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			if body = rec.Body.Bytes(); rec.Code == http.StatusOK {
				m.cache.Set(key, body, m.ttl)
			}
			w.WriteHeader(rec.Code)
		}
		_, _ = w.Write(body)
	})
}
