package models

// Model is something that can be asked.
type Model struct {
	ID string `json:"id"`
}

// Request is one question.
type Request struct {
	Model  string `json:"model"`
	Prompt string `json:"prompt"`
}

// Usage is what one model was used for.
type Usage struct {
	Model    string `json:"model"`
	Requests int    `json:"requests"`
	Tokens   int    `json:"tokens"`
	Failures int    `json:"failures"`
}

// Budget is what a team may spend.
type Budget struct {
	Team  string
	Limit float64
	Spent float64
}

// Left returns what may still be spent.
func (b Budget) Left() float64 { return b.Limit - b.Spent }
