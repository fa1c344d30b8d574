//go:build !linux && !windows

package worker

import (
	"runtime"

	"example.com/pllm/internal/models"
)

// Platform describes any other host.
func Platform() Host { return Host{Name: runtime.GOOS, Owner: models.User{Name: "root"}} }
