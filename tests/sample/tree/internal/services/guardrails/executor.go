// Package guardrails checks texts against rules.
package guardrails

import (
	"example.com/pllm/internal/services/guardrails/providers"
	"example.com/pllm/internal/services/guardrails/types"
)

// Result is the answer of a check.
type Result = types.Result

// Executor asks one rule after another.
type Executor struct {
	rules []types.Rule
}

// New returns an executor with a rule for each word.
func New(words []string) *Executor {
	e := &Executor{}
	for _, word := range words {
		e.rules = append(e.rules, providers.Keyword(word))
	}
	return e
}

// Check returns the answer of the first rule that is broken.
func (e *Executor) Check(text string) Result {
	for _, rule := range e.rules {
		if res := rule.Check(text); !res.Allowed {
			return res
		}
	}
	return Result{Allowed: true}
}
