package handlers

import (
	"net/http"

	"example.com/pllm/internal/services"
)

// Dashboard shows what was used.
type Dashboard struct {
	Source *services.MetricsService
}

// Summary is one line of text. Its local variable has the name of a package to come.
func (h *Dashboard) Summary() string {
	metrics := h.Source.Snapshot()
	if len(metrics) == 0 {
		return "nothing yet"
	}
	return services.Title(metrics)
}

func (h *Dashboard) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, map[string]any{"summary": h.Summary(), "rows": h.Source.Snapshot()})
}
