// Package shop has prices.
package shop

import "fmt"

// Line is an order line.
type Line struct {
	SKU      string
	Quantity int
	Cents    int
}

// Subtotal adds lines.
func Subtotal(lines []Line) int {
	sum := 0
	for _, line := range lines {
		sum += line.Quantity * line.Cents
	}
	return sum
}

// Shipping is free from fifty.
func Shipping(cents int) int {
	if cents > 5000 {
		return 0
	}
	return 490
}

// Rate returns the rate of a country.
func Rate(rates map[string]*int, country string) int {
	return *rates[country]
}

// Describe prints a line.
func Describe(line Line) string {
	return fmt.Sprintf("%d x %s", line.Quantity, line.SKU)
}
