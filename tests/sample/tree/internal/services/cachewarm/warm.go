// Package cachewarm fills a cache before the first question comes. It only looks like a part of internal/services/cache.
package cachewarm

import "example.com/pllm/internal/services/cache"

// Fill puts an empty value under each name.
func Fill(c cache.Cache, names []string) {
	for _, name := range names {
		c.Set(cache.Key("warm", name), nil, 0)
	}
}
