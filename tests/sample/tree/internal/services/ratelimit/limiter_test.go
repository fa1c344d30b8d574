package ratelimit_test

import (
	"testing"

	"example.com/pllm/internal/services/ratelimit"
)

func TestLimitIsPerPerson(t *testing.T) {
	l := ratelimit.New(0)
	if l.Allow("ada") {
		t.Fatal("nothing is allowed, and ada came in")
	}
	if l = ratelimit.New(1); !l.Allow("ada") || !l.Allow("grace") {
		t.Fatal("the first question is free")
	}
}
