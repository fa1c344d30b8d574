// Package router wires everything together.
package router

import (
	"net/http"
	"sync"

	// foundation
	"example.com/pllm/internal/auth"
	"example.com/pllm/internal/config"
	"example.com/pllm/internal/database"
	"example.com/pllm/internal/logger"

	// the HTTP layer
	"example.com/pllm/internal/docs"
	"example.com/pllm/internal/handlers"
	"example.com/pllm/internal/handlers/admin"
	"example.com/pllm/internal/middleware"
	"example.com/pllm/internal/ui" // needs `make ui-build`

	// business logic
	"example.com/pllm/internal/services"
	"example.com/pllm/internal/services/audit"
	"example.com/pllm/internal/services/budget"
	"example.com/pllm/internal/services/cache"
	"example.com/pllm/internal/services/key"
	"example.com/pllm/internal/services/models"
	"example.com/pllm/internal/services/providers"
	"example.com/pllm/internal/services/ratelimit"
	"example.com/pllm/internal/services/realtime"
	redisService "example.com/pllm/internal/services/redis"
	"example.com/pllm/internal/services/team"
)

// New returns the handler of the whole server.
func New(cfg *config.Config, log *logger.Logger, client *sync.Map) http.Handler {
	svc := services.NewMetricsService()
	registry := models.NewRegistry(providers.NewEcho("gpt-tiny"), providers.NewEcho("gpt-big"))
	ledger := budget.NewService(redisService.NewBudgetCache())
	teams := team.NewService(log, ledger)
	prices := &middleware.BudgetAsync{
		Prices: cache.NewPricingCache(client, cfg.Prices),
		Queue:  redisService.NewUsageQueue("usage"),
	}
	admins := auth.NewService(cfg.MasterKey)

	mux := http.NewServeMux()
	mux.Handle("/v1/chat", prices.Wrap(&handlers.Chat{Provider: models.NewManager(registry), Sink: svc}))
	mux.Handle("/v1/embeddings", middleware.Guardrails(cfg, log, &handlers.Embeddings{Sink: svc}))
	mux.Handle("/v1/models", middleware.NewCache(cfg.CacheTTL).Wrap(handlers.NewModels(registry, svc)))
	mux.Handle("/v1/realtime", handlers.Realtime(realtime.NewSessions()))
	mux.Handle("/dashboard", &handlers.Dashboard{Source: svc})
	mux.Handle("/admin/keys", middleware.Admin(admins, admin.Keys(key.NewService(), audit.New())))
	mux.Handle("/admin/stats", middleware.Admin(admins, admin.Stats(svc, teams)))
	mux.Handle("/health", handlers.Health(database.Open()))
	mux.Handle("/metrics", Metrics(svc))
	mux.Handle("/docs/", docs.Handler("/docs", log))
	mux.Handle("/", ui.Handler())
	return middleware.Metrics(svc, middleware.RateLimit(ratelimit.New(cfg.PerMinute), mux))
}
