// Package middleware stands between the router and the handlers.
package middleware

import (
	"context"
	"net/http"

	"example.com/pllm/internal/auth"
	"example.com/pllm/internal/models"
)

type userKey struct{}

// User returns the user of a request.
func User(ctx context.Context) models.User {
	u, _ := ctx.Value(userKey{}).(models.User)
	return u
}

// Admin lets administrators through.
func Admin(svc *auth.Service, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := svc.Authenticate(auth.Bearer(r.Header.Get("Authorization")))
		if err != nil || u.Role != models.RoleAdmin {
			http.Error(w, "administrators only", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, u)))
	})
}
