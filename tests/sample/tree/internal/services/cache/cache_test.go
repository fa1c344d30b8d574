package cache

import (
	"testing"
	"time"
)

func TestSharedStore(t *testing.T) {
	if err := Initialize(&Config{TTL: time.Second}); err != nil {
		t.Fatal(err)
	}
	if client == nil || GetClient() != client || !IsHealthy() {
		t.Fatal("the store is not open")
	}
	if Close(); IsHealthy() {
		t.Fatal("the store is still open")
	}
}

func TestInMemoryCacheForgets(t *testing.T) {
	c := NewInMemoryCache(time.Minute)
	c.Set("old", []byte("x"), -time.Second)
	c.Set("new", []byte("y"), 0)
	if _, ok := c.Get("old"); ok {
		t.Error("old is still there")
	}
	if v, ok := c.Get("new"); !ok || string(v) != "y" {
		t.Error("new is gone")
	}
}
