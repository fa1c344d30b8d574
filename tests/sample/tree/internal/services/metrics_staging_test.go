package services_test

import (
	"testing"

	"example.com/pllm/internal/services"
	"example.com/pllm/internal/testutil"
)

func TestStagingWaitsUntilFull(t *testing.T) {
	collector := services.NewCollector()
	stage := services.NewStaging(2, collector)
	model := testutil.NewUser("m").Name
	stage.Record(services.Event{Model: model})
	if rows := collector.Totals(); len(rows) != 0 {
		t.Fatal("too early", rows)
	}
	stage.Record(services.Event{Model: model})
	if rows := collector.Totals(); len(rows) != 1 || rows[0].Requests != 2 {
		t.Fatal(rows)
	}
}
