package middleware

import (
	"net/http"

	// who we are, and what we may not say
	"example.com/pllm/internal/config"              // the blocked words
	"example.com/pllm/internal/services/guardrails" // the rules made of them

	// a group of its own, on purpose
	"example.com/pllm/internal/logger"
)

// Guardrails turns away prompts that break a rule.
func Guardrails(cfg *config.Config, log *logger.Logger, next http.Handler) http.Handler {
	exec := guardrails.New(cfg.Blocked)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if res := exec.Check(r.URL.Query().Get("text")); !res.Allowed {
			log.Debug("blocked by " + res.Rule)
			http.Error(w, "blocked", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
