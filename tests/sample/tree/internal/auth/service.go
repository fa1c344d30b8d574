package auth // import "example.com/pllm/internal/auth"

import (
	"errors"
	"strings"

	"example.com/pllm/internal/models"
)

// ErrDenied is returned for a token that nobody knows.
var ErrDenied = errors.New("auth: denied")

// Service knows who may come in.
type Service struct {
	master string
	users  map[string]models.User
}

// NewService returns a service that knows the master key alone.
func NewService(master string) *Service {
	return &Service{master: master, users: map[string]models.User{}}
}

// Allow lets user in with the given token.
func (s *Service) Allow(token string, user models.User) { s.users[token] = user }

// Authenticate finds the user of a token.
func (s *Service) Authenticate(token string) (models.User, error) {
	if token != "" && token == s.master {
		return models.User{Name: "master", Role: models.RoleAdmin}, nil
	}
	user, ok := s.users[token]
	if !ok {
		return user, ErrDenied
	}
	return user, nil
}

// Bearer takes the token out of an Authorization header.
func Bearer(header string) string {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
