// Package redis stands for a redis server, in this process.
package redis

import "sync"

// UsageRecord is one line of a bill.
type UsageRecord struct {
	Model string
	Cost  float64
}

// UsageQueue holds records until a worker takes them.
type UsageQueue struct {
	mu      sync.Mutex
	name    string
	records []UsageRecord
}

// NewUsageQueue returns an empty queue.
func NewUsageQueue(name string) *UsageQueue { return &UsageQueue{name: name} }

// Push adds a record.
func (q *UsageQueue) Push(r UsageRecord) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.records = append(q.records, r)
}

// Pop takes the oldest record.
func (q *UsageQueue) Pop() (UsageRecord, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.records) == 0 {
		return UsageRecord{}, false
	}
	r := q.records[0]
	q.records = q.records[1:]
	return r, true
}

// Len counts the waiting records.
func (q *UsageQueue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.records)
}

// BudgetCache adds up what teams spend.
type BudgetCache struct {
	mu    sync.Mutex
	spent map[string]float64
}

// NewBudgetCache returns an empty ledger.
func NewBudgetCache() *BudgetCache { return &BudgetCache{spent: map[string]float64{}} }

// Add books an amount.
func (b *BudgetCache) Add(team string, amount float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent[team] += amount
}

// Spent returns what a team spent.
func (b *BudgetCache) Spent(team string) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spent[team]
}
