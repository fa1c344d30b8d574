package worker

import "example.com/pllm/internal/models"

// Platform describes a Linux host.
func Platform() Host { return Host{Name: "linux", Owner: models.User{Name: "root"}} }
