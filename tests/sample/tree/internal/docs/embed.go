//go:build !dev
// +build !dev

package docs

// Embedded says that this build carries the real pages.
const Embedded = true
