package database

import (
	"embed"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations lists the built-in migrations in their order.
func Migrations() ([]string, error) { return fs.Glob(migrations, "migrations/*.sql") }
