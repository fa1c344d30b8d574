package middleware

import (
	"net/http"

	"example.com/pllm/internal/services"
)

// Metrics counts every request.
func Metrics(svc *services.MetricsService, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		svc.Record(services.Event{Model: "http", Tokens: 1})
		next.ServeHTTP(w, r)
	})
}
