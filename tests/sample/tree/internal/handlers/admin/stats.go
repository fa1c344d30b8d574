package admin

import (
	"fmt"
	"net/http"

	"example.com/pllm/internal/services"
	"example.com/pllm/internal/services/team"
)

// Stats prints what each model used, and how many teams there are.
func Stats(svc *services.MetricsService, teams *team.Service) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s, %d teams\n", services.Title(svc.Snapshot()), teams.Count())
	}
}
