//go:build dev
// +build dev

package docs

import "example.com/pllm/internal/config"

// Embedded says that this build serves whatever was there when it was made.
const Embedded = false

// Version is shown on the pages of a development build.
var Version = config.Version
