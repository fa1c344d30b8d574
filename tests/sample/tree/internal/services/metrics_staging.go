package services

import "sync"

const stagingLimit = 16

// Staging holds events back until there are enough of them.
type Staging struct {
	mu     sync.Mutex
	limit  int
	events []Event
	sink   EventSink
}

// NewStaging returns an empty stage before sink.
func NewStaging(limit int, sink EventSink) *Staging { return &Staging{limit: limit, sink: sink} }

// Record keeps an event, and passes all on when the stage is full.
func (s *Staging) Record(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.events = append(s.events, e); len(s.events) >= s.limit {
		s.flush()
	}
}

// Flush passes on what is there.
func (s *Staging) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
}

func (s *Staging) flush() {
	for _, e := range s.events {
		s.sink.Record(e)
	}
	s.events = nil
}
