// Package admin answers the requests of administrators.
package admin

import (
	"fmt"
	"net/http"

	"example.com/pllm/internal/middleware"
	"example.com/pllm/internal/models"
	"example.com/pllm/internal/services/audit"
	"example.com/pllm/internal/services/key"
)

// Keys issues a key for a user.
func Keys(keys *key.Service, trail *audit.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who := middleware.User(r.Context())
		user := models.User{Name: r.URL.Query().Get("user")}
		if user.Name == "" {
			http.Error(w, "user is missing", http.StatusBadRequest)
			return
		}
		trail.Write(who, "issued a key for "+user.Name)
		fmt.Fprintln(w, keys.Issue(user))
	}
}
