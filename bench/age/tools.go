//go:build tools

// Package tools keeps the peer of F2 in go.mod.
package tools

import (
	_ "filippo.io/age/cmd/age"
	_ "filippo.io/age/cmd/age-keygen"
)
