// Package database keeps rows and the migrations that shape them.
package database

import (
	"sync"

	"example.com/pllm/internal/models"
)

//go:generate go run gen.go

// DB stands for a database: users by name.
type DB struct {
	mu    sync.Mutex
	users map[string]models.User
}

// Open returns an empty database.
func Open() *DB { return &DB{users: map[string]models.User{}} }

// Save writes one user.
func (db *DB) Save(u models.User) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.users[u.Name] = u
}

// User reads one user.
func (db *DB) User(name string) (models.User, bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	u, ok := db.users[name]
	return u, ok
}

// Healthy says whether the database answers.
func (db *DB) Healthy() bool { return db != nil }
