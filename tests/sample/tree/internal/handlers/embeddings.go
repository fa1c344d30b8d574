package handlers

import (
	"net/http"

	"example.com/pllm/internal/services"
)

// Embeddings turns text into a very small vector.
type Embeddings struct {
	Sink services.EventSink
}

func (h *Embeddings) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("text")
	h.Sink.Record(services.Event{Model: "embedding", Tokens: len(text)})
	writeJSON(w, vector(text))
}

// vector measures a text; the local variable harms nobody here.
func vector(text string) []int {
	metrics := make([]int, 3)
	for i, r := range text {
		metrics[i%len(metrics)] += int(r)
	}
	return metrics
}
