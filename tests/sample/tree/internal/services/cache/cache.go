// Package cache keeps values for a while.
package cache

import (
	"context"
	"errors"
	"sync"
	"time"
)

// The one shared store. A sync.Map stands for a connection to a real one.
var (
	client *sync.Map
	ctx    = context.Background()
)

// Config says how the shared store behaves.
type Config struct {
	TTL time.Duration
}

// Cache is anything that keeps values for a while.
type Cache interface {
	Get(key string) ([]byte, bool)
	Set(key string, value []byte, ttl time.Duration)
}

// Initialize opens the shared store.
func Initialize(cfg *Config) error {
	if cfg.TTL <= 0 {
		return errors.New("cache: the time to live must be positive")
	}
	client = new(sync.Map)
	return ctx.Err()
}

// Close forgets the shared store.
func Close() { client = nil }

// GetClient returns the shared store.
func GetClient() *sync.Map { return client }

// IsHealthy says whether the shared store is open.
func IsHealthy() bool { return client != nil && ctx.Err() == nil }

// Key builds the name of a value.
func Key(prefix, name string) string { return prefix + ":" + name }

type entry struct {
	value   []byte
	expires time.Time
}

// InMemoryCache is a Cache of this process alone.
type InMemoryCache struct {
	mu   sync.Mutex
	data map[string]entry
	ttl  time.Duration
}

// NewInMemoryCache returns an empty cache.
func NewInMemoryCache(ttl time.Duration) *InMemoryCache {
	return &InMemoryCache{data: map[string]entry{}, ttl: ttl}
}

// Get returns a value that is not too old.
func (c *InMemoryCache) Get(key string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.data[key]
	if !ok || time.Now().After(e.expires) {
		return nil, false
	}
	return e.value, true
}

// Set keeps a value; no time means the time of the cache.
func (c *InMemoryCache) Set(key string, value []byte, ttl time.Duration) {
	if ttl == 0 {
		ttl = c.ttl
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data[key] = entry{value: value, expires: time.Now().Add(ttl)}
}
