// Package team keeps teams and their budgets.
package team

import (
	"fmt"

	"example.com/pllm/internal/logger"
	"example.com/pllm/internal/models"
	"example.com/pllm/internal/services/budget"
)

// Service knows the teams.
type Service struct {
	log    *logger.Logger
	ledger *budget.Service
	teams  map[string]models.Team
}

// NewService returns a service without teams.
func NewService(log *logger.Logger, ledger *budget.Service) *Service {
	return &Service{log: log, ledger: ledger, teams: map[string]models.Team{}}
}

// Create adds a team and books the fee for it.
func (s *Service) Create(t models.Team, limit, fee float64) error {
	if err := s.ledger.Charge(models.Budget{Team: t.Name, Limit: limit}, fee); err != nil {
		return err
	}
	s.teams[t.Name] = t
	s.log.Debug(fmt.Sprintf("team %s has %d members", t.Name, len(t.Members)))
	return nil
}

// Count counts the teams.
func (s *Service) Count() int { return len(s.teams) }
