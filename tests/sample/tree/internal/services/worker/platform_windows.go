package worker

import "example.com/pllm/internal/models"

// Platform describes a Windows host.
func Platform() Host { return Host{Name: "windows", Owner: models.User{Name: "Administrator"}} }
