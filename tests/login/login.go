package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/pbkdf2"
	"golang.org/x/crypto/scrypt"
	"golang.org/x/text/unicode/norm"
)

// passwordMatches tells whether the password that was typed is the one whose hash is stored.
func passwordMatches(stored, typed string) bool {
	password := norm.NFC.Bytes([]byte(typed))
	parts := strings.Split(stored, "$")
	switch {
	case strings.HasPrefix(stored, "$argon2id$v=19$") && len(parts) == 6:
		var memory, passes uint32
		var lanes uint8
		if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
			return false
		}
		salt, _ := base64.RawStdEncoding.DecodeString(parts[4])
		found := argon2.IDKey(password, salt, passes, memory, lanes, 32)
		return same(found, parts[5], base64.RawStdEncoding)
	case strings.HasPrefix(stored, "$2b$"):
		// bcrypt looks at the first 72 bytes and lets the rest be anything.
		return len(password) <= 72 && bcrypt.CompareHashAndPassword([]byte(stored), password) == nil
	case strings.HasPrefix(stored, "$scrypt$") && len(parts) == 5:
		var logN, r, p int
		if _, err := fmt.Sscanf(parts[2], "ln=%d,r=%d,p=%d", &logN, &r, &p); err != nil {
			return false
		}
		salt, _ := base64.RawStdEncoding.DecodeString(parts[3])
		found, err := scrypt.Key(password, salt, 1<<logN, r, p, 32)
		return err == nil && same(found, parts[4], base64.RawStdEncoding)
	case strings.HasPrefix(stored, "pbkdf2_sha256$") && len(parts) == 4:
		iterations, err := strconv.Atoi(parts[1])
		found := pbkdf2.Key(password, []byte(parts[2]), iterations, 32, sha256.New)
		return err == nil && same(found, parts[3], base64.StdEncoding)
	}
	return false
}

func same(found []byte, expected string, encoding *base64.Encoding) bool {
	want, err := encoding.DecodeString(expected)
	return err == nil && subtle.ConstantTimeCompare(found, want) == 1
}
