package handlers

import (
	"net/http"

	"example.com/pllm/internal/models"
	"example.com/pllm/internal/services"
	modelsvc "example.com/pllm/internal/services/models"
)

// Models lists what can be asked. Its field is called as a package is.
type Models struct {
	registry *modelsvc.Registry
	services *services.MetricsService
}

// NewModels returns the handler of a registry.
func NewModels(registry *modelsvc.Registry, svc *services.MetricsService) *Models {
	return &Models{registry: registry, services: svc}
}

func (h *Models) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h.services.Record(services.Event{Model: "list"})
	rows := []models.Model{}
	for _, name := range h.registry.Names() {
		rows = append(rows, models.Model{ID: name})
	}
	writeJSON(w, rows)
}
