package commands

import (
	"errors"

	"example.com/pllm/internal/models"
	"example.com/pllm/internal/services/key"
)

func keyCommand(args []string) (string, error) {
	if len(args) != 1 {
		return "", errors.New("usage: pllm key USER")
	}
	return key.NewService().Issue(models.User{Name: args[0]}), nil
}
