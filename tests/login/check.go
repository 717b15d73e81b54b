package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
)

// Answers lines of a hash, a space and a password in base64 with yes or no.
func main() {
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		words := strings.Split(input.Text(), " ")
		typed, err := base64.StdEncoding.DecodeString(words[1])
		if err == nil && passwordMatches(words[0], string(typed)) {
			fmt.Println("yes")
		} else {
			fmt.Println("no")
		}
	}
}
