package shop

import (
	"fmt"
	"testing"
)

func TestSubtotal(t *testing.T) {
	for quantity := 1; quantity <= 30; quantity++ {
		t.Run(fmt.Sprintf("quantity_%d", quantity), func(t *testing.T) {
			t.Logf("checking %d", quantity)
			if got := Subtotal([]Line{{"A-1", quantity, 250}}); got != quantity*250 {
				t.Errorf("got %d", got)
			}
		})
	}
}

func TestShipping(t *testing.T) {
	cases := []struct{ cents, want int }{{100, 490}, {4999, 490}, {5000, 0}, {5001, 0}}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.cents), func(t *testing.T) {
			if got := Shipping(c.cents); got != c.want {
				t.Errorf("Shipping(%d) = %d, want %d", c.cents, got, c.want)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	want := "A-1 (2)"
	if got := Describe(Line{"A-1", 2, 100}); got != want {
		t.Fatalf("Describe:\n got  %q\n want %q", got, want)
	}
}

func TestRate(t *testing.T) {
	nineteen := 19
	rates := map[string]*int{"DE": &nineteen}
	if Rate(rates, "NO") != 0 {
		t.Error("expected no rate")
	}
}
