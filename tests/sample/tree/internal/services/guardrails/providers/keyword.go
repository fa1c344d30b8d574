// Package providers holds the kinds of rules.
package providers

import (
	"strings"

	"example.com/pllm/internal/services/guardrails/types"
)

// Keyword is a rule against one word.
type Keyword string

// Check implements types.Rule.
func (k Keyword) Check(text string) types.Result {
	found := strings.Contains(strings.ToLower(text), string(k))
	return types.Result{Allowed: !found, Rule: "keyword " + string(k)}
}
