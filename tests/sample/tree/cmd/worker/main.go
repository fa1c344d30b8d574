// Command worker empties the usage queue.
package main

import (
	"fmt"

	"example.com/pllm/internal/config"
	redisService "example.com/pllm/internal/services/redis"
	"example.com/pllm/internal/services/worker"
)

func main() {
	queue := redisService.NewUsageQueue("usage")
	done := worker.New(queue).Drain()
	fmt.Printf("worker %s on %s: %d records\n", config.Version, worker.Platform().Name, len(done))
}
