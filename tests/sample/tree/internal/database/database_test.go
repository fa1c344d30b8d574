package database

import (
	"testing"

	"example.com/pllm/internal/testutil"
)

func TestSaveAndRead(t *testing.T) {
	db := Open()
	db.Save(testutil.NewUser("grace"))
	if _, ok := db.User("grace"); !ok || !db.Healthy() {
		t.Fatal("grace is lost")
	}
}

func TestMigrationsAreOrdered(t *testing.T) {
	names, err := Migrations()
	if err != nil || len(names) != 2 || names[0] != "migrations/001_users.sql" {
		t.Fatal(names, err)
	}
}
