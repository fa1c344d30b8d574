package services

import "testing"

func TestCollectorAddsUp(t *testing.T) {
	c := NewCollector()
	c.Record(Event{Model: "m", Tokens: 2})
	c.Record(Event{Model: "m", Tokens: 3, Failed: true})
	if u := c.totals["m"]; u.Tokens != 5 || u.Requests != 2 || u.Failures != 1 {
		t.Fatalf("%+v", u)
	}
}
