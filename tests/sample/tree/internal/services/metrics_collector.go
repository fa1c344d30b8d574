package services

import (
	"sort"
	"sync"

	"example.com/pllm/internal/models"
)

// Collector adds events up, model by model.
type Collector struct {
	mu     sync.Mutex
	totals map[string]models.Usage
}

// NewCollector returns an empty collector.
func NewCollector() *Collector { return &Collector{totals: map[string]models.Usage{}} }

// Record adds one event.
func (c *Collector) Record(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.totals[e.Model]
	u.Model = e.Model
	u.Requests++
	u.Tokens += e.Tokens
	if e.Failed {
		u.Failures++
	}
	c.totals[e.Model] = u
}

// Totals returns a row for each model, in the order of their names.
func (c *Collector) Totals() []models.Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows := make([]models.Usage, 0, len(c.totals))
	for _, u := range c.totals {
		rows = append(rows, u)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Model < rows[j].Model })
	return rows
}
