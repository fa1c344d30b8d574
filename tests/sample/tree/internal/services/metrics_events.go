package services

// Event is one thing that happened.
type Event struct {
	Model  string
	Tokens int
	Failed bool
}

// EventSink takes events.
type EventSink interface {
	Record(Event)
}
