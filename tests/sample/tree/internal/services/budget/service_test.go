package budget

import (
	"encoding/json"
	"os"
	"testing"

	redisService "example.com/pllm/internal/services/redis"
	"example.com/pllm/internal/testutil"
)

func TestChargeTheRealPrice(t *testing.T) {
	text, err := os.ReadFile("../../config/model_prices.json")
	if err != nil {
		t.Fatal(err)
	}
	var prices map[string]float64
	if err := json.Unmarshal(text, &prices); err != nil {
		t.Fatal(err)
	}
	price, svc := prices["gpt-big"], NewService(redisService.NewBudgetCache())
	team := testutil.NewBudget("red", price)
	if err := svc.Charge(team, price); err != nil {
		t.Fatal(err)
	}
	if svc.Charge(team, price) == nil {
		t.Fatal("red spent more than it has")
	}
}
