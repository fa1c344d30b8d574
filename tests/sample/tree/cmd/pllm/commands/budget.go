package commands

import (
	"fmt"
	"strconv"

	"example.com/pllm/internal/models"
)

func budgetCommand(args []string) (string, error) {
	if len(args) != 2 {
		return "", fmt.Errorf("usage: pllm budget TEAM LIMIT")
	}
	limit, err := strconv.ParseFloat(args[1], 64)
	if err != nil {
		return "", err
	}
	b := models.Budget{Team: args[0], Limit: limit}
	return fmt.Sprintf("%s may spend %.2f", b.Team, b.Left()), nil
}
