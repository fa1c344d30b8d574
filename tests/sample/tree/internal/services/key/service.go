// Package key issues API keys.
package key

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"example.com/pllm/internal/models"
)

const prefix = "sk-"

// Service counts what it issued.
type Service struct {
	issued int
}

// NewService returns a service that has issued nothing.
func NewService() *Service { return &Service{} }

// Issue makes a key for a user; it is for a sample, not for a safe.
func (s *Service) Issue(u models.User) string {
	s.issued++
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s/%d", u.Name, s.issued)))
	return prefix + hex.EncodeToString(sum[:8])
}
