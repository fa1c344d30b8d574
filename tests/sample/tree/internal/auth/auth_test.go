package auth_test

import (
	"testing"

	"example.com/pllm/internal/auth"
	"example.com/pllm/internal/services/key"
	"example.com/pllm/internal/testutil"
)

func TestIssuedKeyComesIn(t *testing.T) {
	svc, user := auth.NewService("top"), testutil.NewUser("ada")
	token := key.NewService().Issue(user)
	if _, err := svc.Authenticate(token); err != auth.ErrDenied {
		t.Fatalf("before Allow: %v", err)
	}
	svc.Allow(token, user)
	if got, err := svc.Authenticate(auth.Bearer("Bearer " + token)); err != nil || got != user {
		t.Fatalf("after Allow: %v, %v", got, err)
	}
}
