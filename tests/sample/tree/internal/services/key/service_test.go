package key

import (
	"strings"
	"testing"

	. "example.com/pllm/internal/testutil"
)

func TestKeysDiffer(t *testing.T) {
	s, u := NewService(), NewUser("ada")
	a, b := s.Issue(u), s.Issue(u)
	if a == b || !strings.HasPrefix(a, prefix) {
		t.Fatal(a, b)
	}
}
