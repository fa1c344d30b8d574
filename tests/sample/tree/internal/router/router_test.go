package router

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"example.com/pllm/internal/config"
	"example.com/pllm/internal/logger"
)

func TestRoutes(t *testing.T) {
	cfg := config.Load()
	cfg.MasterKey = "top"
	h := New(cfg, logger.New("test", false), new(sync.Map))
	for _, target := range []string{"/", "/docs/", "/v1/models", "/v1/realtime?model=gpt-tiny", "/dashboard", "/metrics", "/admin/stats"} {
		rec, req := httptest.NewRecorder(), httptest.NewRequest("GET", target, nil)
		req.Header.Set("Authorization", "Bearer top")
		h.ServeHTTP(rec, req)
		if rec.Code != 200 {
			t.Errorf("%s: %d", target, rec.Code)
		}
	}
}

func TestChat(t *testing.T) {
	h := New(config.Load(), logger.New("test", false), new(sync.Map))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("POST", "/v1/chat", strings.NewReader(`{"model":"gpt-tiny","prompt":"hi"}`)))
	if !strings.Contains(rec.Body.String(), "hi") {
		t.Fatal(rec.Code, rec.Body)
	}
}
