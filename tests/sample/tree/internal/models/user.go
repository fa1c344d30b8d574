// Package models holds the types that everybody shares.
package models

// Role says what a user may do.
type Role string

// The roles.
const (
	RoleUser  Role = "user"
	RoleAdmin Role = "admin"
)

// User is a person or a program.
type User struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
}

// Team is some users with one budget.
type Team struct {
	Name    string `json:"name"`
	Members []User `json:"members"`
}
