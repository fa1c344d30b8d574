package guardrails

import (
	"encoding/json"
	"os"
	"testing"
)

func TestRulesFromFile(t *testing.T) {
	text, err := os.ReadFile("testdata/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	e := New(words)
	if !e.Check("good morning").Allowed || e.Check("my PASSWORD").Allowed {
		t.Fatal(words)
	}
}
