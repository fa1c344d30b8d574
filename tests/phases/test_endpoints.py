"""Routes read from the source of a router."""

from __future__ import annotations

from phases.pllm.endpoints import Endpoint, servers

CHI = b"""package router

func New(cfg *Config) http.Handler {
	r := chi.NewRouter()
	r.Get("/health", health)
	// r.Get("/commented", gone)
	log.Info("r.Get", "/said")
	name := req.Header.Get("X-Name")
	r.Route("/v1", func(r chi.Router) {
		r.Post("/chat", chat)
		r.Route("/files", func(r chi.Router) {
			r.Get("/", list)
			r.Get("/{id}", one)
		})
	})
	r.Group(func(r chi.Router) {
		r.HandleFunc(`/raw`, raw)
	})
	sub, err := NewAdmin(cfg)
	r.Mount("/admin", sub)
	r.Mount("/ui", http.StripPrefix("/ui", pages))
	r.Mount("/again", New(cfg))
	return r
}
"""
ADMIN = b"""package router

func NewAdmin(cfg *Config) (http.Handler, error) {
	r := chi.NewRouter()
	r.Delete("/keys/{key}", drop)
	return r, nil
}

func NewMetrics() http.Handler {
	r := chi.NewRouter()
	r.Handle("/metrics", prom)
	return r
}
"""
PLAIN = b"""package main

func (s *server) routes() {
	mux.HandleFunc("POST /items/{id}", s.item)
	mux.Handle("/docs/", docs)
}
"""


def routes(endpoints: tuple[Endpoint, ...]) -> list[tuple[str, str]]:
    return [(endpoint.method, endpoint.path) for endpoint in endpoints]


def test_enclosing_routes_and_mounted_routers_put_their_path_in_front() -> None:
    found = servers({"admin.go": ADMIN, "router.go": CHI})
    assert [server.constructor for server in found] == ["New", "NewMetrics"]
    assert routes(found[0].endpoints) == [
        ("GET", "/health"),
        ("POST", "/v1/chat"),
        ("GET", "/v1/files"),
        ("GET", "/v1/files/{id}"),
        ("any", "/raw"),
        ("DELETE", "/admin/keys/{key}"),
        ("any", "/ui/*"),
    ]
    assert found[0].endpoints[0].file == "router.go"
    assert found[0].endpoints[0].line == 5
    assert found[0].endpoints[5].file == "admin.go"


def test_the_patterns_of_net_http_hold_the_method() -> None:
    (server,) = servers({"main.go": PLAIN})
    assert routes(server.endpoints) == [("POST", "/items/{id}"), ("any", "/docs/")]


def test_the_key_endpoint_of_an_area_is_one_that_can_be_asked_for() -> None:
    found = servers({"router.go": CHI})[0].key()
    assert [endpoint.path for endpoint in found] == ["/health", "/v1/chat", "/v1/files", "/raw", "/admin/*", "/ui/*"]


def test_a_package_without_routes_has_no_server() -> None:
    assert servers({"main.go": b"package main\n\nfunc main() {}\n"}) == []
