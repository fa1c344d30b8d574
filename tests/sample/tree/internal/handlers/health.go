package handlers

import (
	"net/http"

	"example.com/pllm/internal/database"
	"example.com/pllm/internal/services/cache"
)

// Health says which parts answer.
func Health(db *database.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]bool{"database": db.Healthy(), "cache": cache.IsHealthy()})
	}
}
