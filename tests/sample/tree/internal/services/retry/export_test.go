package retry

// Backoff lets the tests from outside see the waits.
var Backoff = backoff
