// Package budget stops teams that spent enough.
package budget

import (
	"fmt"

	"example.com/pllm/internal/models"
	redisService "example.com/pllm/internal/services/redis"
)

// Service checks budgets against a ledger.
type Service struct {
	ledger *redisService.BudgetCache
}

// NewService returns a service over a ledger.
func NewService(ledger *redisService.BudgetCache) *Service { return &Service{ledger: ledger} }

// Charge books an amount, or refuses it.
func (s *Service) Charge(b models.Budget, amount float64) error {
	b.Spent = s.ledger.Spent(b.Team)
	if amount > b.Left() {
		return fmt.Errorf("budget: %s has %.2f left, not %.2f", b.Team, b.Left(), amount)
	}
	s.ledger.Add(b.Team, amount)
	return nil
}
