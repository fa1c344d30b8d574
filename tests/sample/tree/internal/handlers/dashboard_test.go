package handlers

import (
	"strings"
	"testing"

	"example.com/pllm/internal/services"
)

func TestSummary(t *testing.T) {
	d := &Dashboard{Source: services.NewMetricsService()}
	if got := d.Summary(); got != "nothing yet" {
		t.Fatal(got)
	}
	d.Source.Record(services.Event{Model: "gpt-tiny", Tokens: 7})
	if got := d.Summary(); !strings.Contains(got, "7 tokens") {
		t.Fatal(got)
	}
}
