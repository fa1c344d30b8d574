package handlers

import (
	"net/http"

	"example.com/pllm/internal/services/realtime"
)

// Realtime opens a session.
func Realtime(sessions *realtime.Sessions) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, sessions.Open(r.URL.Query().Get("model")))
	}
}
