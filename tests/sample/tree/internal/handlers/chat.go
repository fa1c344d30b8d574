// Package handlers answers the requests of clients.
package handlers

import (
	"encoding/json"
	"net/http"

	"example.com/pllm/internal/models"
	"example.com/pllm/internal/services"
	"example.com/pllm/internal/services/providers"
	"example.com/pllm/internal/services/retry"
)

// Chat answers with the completion of a prompt.
type Chat struct {
	Provider providers.Provider
	Sink     services.EventSink
}

func (h *Chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req models.Request
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var answer string
	err := retry.Do(r.Context(), retry.Policy{Attempts: 2}, func() (err error) {
		answer, err = h.Provider.Complete(req)
		return err
	})
	h.Sink.Record(services.Event{Model: req.Model, Tokens: len(req.Prompt), Failed: err != nil})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	writeJSON(w, map[string]string{"answer": answer})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
