// Package providers speaks to those who run models.
package providers

import (
	"errors"

	"example.com/pllm/internal/models"
)

// Provider answers requests.
type Provider interface {
	Name() string
	Complete(models.Request) (string, error)
}

// Echo repeats what it is asked.
type Echo struct {
	name string
}

// NewEcho returns an echo of the given name.
func NewEcho(name string) *Echo { return &Echo{name: name} }

// Name implements Provider.
func (e *Echo) Name() string { return e.name }

// Complete implements Provider.
func (e *Echo) Complete(req models.Request) (string, error) {
	if req.Prompt == "" {
		return "", errors.New("providers: nothing was asked")
	}
	return e.name + " heard: " + req.Prompt, nil
}
