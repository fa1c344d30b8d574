// Package worker empties queues in the background.
package worker

import (
	"example.com/pllm/internal/models"
	redisService "example.com/pllm/internal/services/redis"
)

// Host is the machine that a worker runs on.
type Host struct {
	Name  string
	Owner models.User
}

// Processor takes records from one queue.
type Processor struct {
	queue *redisService.UsageQueue
}

// New returns the processor of a queue.
func New(queue *redisService.UsageQueue) *Processor { return &Processor{queue: queue} }

// Drain takes all that is there.
func (p *Processor) Drain() []models.Usage {
	var rows []models.Usage
	for r, ok := p.queue.Pop(); ok; r, ok = p.queue.Pop() {
		rows = append(rows, models.Usage{Model: r.Model, Requests: 1})
	}
	return rows
}
