// Package types holds what rules and their executor share.
package types

// Result is the answer of a rule.
type Result struct {
	Allowed bool
	Rule    string
}

// Rule looks at a text.
type Rule interface {
	Check(text string) Result
}
