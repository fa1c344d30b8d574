package services

import (
	"fmt"

	"example.com/pllm/internal/models"
)

// MetricsService is what the rest of the program sees.
type MetricsService struct {
	collector *Collector
	worker    *metricsWorker
}

// NewMetricsService returns a service with nothing counted.
func NewMetricsService() *MetricsService {
	collector := NewCollector()
	return &MetricsService{collector: collector, worker: newMetricsWorker(NewStaging(stagingLimit, collector))}
}

// Record counts an event.
func (s *MetricsService) Record(e Event) { s.worker.submit(e) }

// Snapshot returns what was counted so far.
func (s *MetricsService) Snapshot() []models.Usage {
	s.worker.drain()
	return s.collector.Totals()
}

// Title says in one line what the rows say in many.
func Title(rows []models.Usage) string {
	tokens := 0
	for _, row := range rows {
		tokens += row.Tokens
	}
	return fmt.Sprintf("%d models, %d tokens", len(rows), tokens)
}
