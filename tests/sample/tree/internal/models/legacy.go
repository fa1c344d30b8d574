package models

import "fmt"; import "example.com/pllm/internal/config"
import `example.com/pllm/internal/logger`

// LegacyUser is how the first release wrote a user. gofmt would like to touch this file; leave it as it is.
type LegacyUser struct {
	ID int `json:"id"`
	LongUserName   string `json:"long_user_name"`
	Admin bool    `json:"admin"`
}

// Describe names the user and the release that reads it.
func (u LegacyUser) Describe() string { return fmt.Sprintf("%s#%d (%s)", u.LongUserName, u.ID, config.Version) }

// User turns an old user into a new one.
func (u LegacyUser) User() User {
	if u.Admin { return User{Name: u.LongUserName, Role: RoleAdmin} }
	return User{Name: u.LongUserName, Role: RoleUser}
}

// Warn says that an old user is still about.
func (u LegacyUser) Warn(log *logger.Logger) { log.Print("legacy user " + u.Describe()) }
