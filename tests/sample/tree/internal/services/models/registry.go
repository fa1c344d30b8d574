// Package models knows which provider serves which model. Its name is that of internal/models too.
package models

import (
	"fmt"
	"sort"

	"example.com/pllm/internal/models"
	"example.com/pllm/internal/services/loadbalancer"
	"example.com/pllm/internal/services/providers"
)

// Registry finds a provider by the name of a model.
type Registry struct {
	byName map[string]providers.Provider
}

// NewRegistry returns a registry of providers.
func NewRegistry(list ...providers.Provider) *Registry {
	r := &Registry{byName: map[string]providers.Provider{}}
	for _, p := range list {
		r.byName[p.Name()] = p
	}
	return r
}

// Names lists the models.
func (r *Registry) Names() []string {
	names := make([]string, 0, len(r.byName))
	for name := range r.byName {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Manager is a provider that asks the right one.
type Manager struct {
	registry *Registry
	balancer *loadbalancer.Balancer
}

// NewManager returns the manager of a registry.
func NewManager(r *Registry) *Manager {
	return &Manager{registry: r, balancer: loadbalancer.New(r.Names()...)}
}

// Name implements providers.Provider.
func (m *Manager) Name() string { return "manager" }

// Complete asks the provider of the model, or anyone when no model is named.
func (m *Manager) Complete(req models.Request) (string, error) {
	name := req.Model
	if name == "" {
		name = m.balancer.Next()
	}
	p, ok := m.registry.byName[name]
	if !ok {
		return "", fmt.Errorf("models: nobody serves %q", name)
	}
	answer, err := p.Complete(req)
	m.balancer.Report(name, err)
	return answer, err
}
