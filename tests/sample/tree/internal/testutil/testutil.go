// Package testutil makes things for tests.
package testutil

import "example.com/pllm/internal/models"

// NewUser returns a plain user.
func NewUser(name string) models.User { return models.User{Name: name, Role: models.RoleUser} }

// NewBudget returns a team's budget of which nothing is spent.
func NewBudget(team string, limit float64) models.Budget {
	return models.Budget{Team: team, Limit: limit}
}
