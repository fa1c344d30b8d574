package admin

import (
	"net/http/httptest"
	"testing"

	"example.com/pllm/internal/services/audit"
	"example.com/pllm/internal/services/key"
)

func TestKeysNeedAUser(t *testing.T) {
	trail := audit.New()
	h := Keys(key.NewService(), trail)
	for target, want := range map[string]int{"/keys": 400, "/keys?user=ada": 200} {
		rec := httptest.NewRecorder()
		h(rec, httptest.NewRequest("POST", target, nil))
		if rec.Code != want {
			t.Errorf("%s: %d, want %d", target, rec.Code, want)
		}
	}
	if len(trail.Entries()) != 1 {
		t.Error(trail.Entries())
	}
}
