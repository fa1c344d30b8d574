package router

import (
	"fmt"
	"net/http"
	"runtime/metrics"

	"example.com/pllm/internal/services"
)

// Metrics prints our own numbers after those of the Go runtime.
func Metrics(svc *services.MetricsService) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "runtime_metrics %d\n", len(metrics.All()))
		fmt.Fprintln(w, services.Title(svc.Snapshot()))
	}
}
