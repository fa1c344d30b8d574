package config

import (
	"strings"
	"testing"
)

func TestPricesBesideThePackage(t *testing.T) {
	m, err := LoadDefaultPricing(".")
	if err != nil {
		t.Fatal(err)
	}
	if price, ok := m.Price("gpt-tiny"); !ok || price <= 0 {
		t.Fatalf("gpt-tiny: %v %v", price, ok)
	}
}

func TestHelpKeepsItsAddress(t *testing.T) {
	if !strings.HasSuffix(Help(), "configuration-notes") {
		t.Fatal(Help())
	}
}
