// Command queue waits for what never comes.
package main

import (
	"fmt"
	"sync"
)

type order struct {
	id    int
	lines []string
}

func worker(id int, orders <-chan *order, done *sync.WaitGroup) {
	defer done.Done()
	for o := range orders {
		handle(id, o)
	}
}

func handle(worker int, o *order) {
	fmt.Println(worker, o.lines[o.id%3])
}

func main() {
	orders := make(chan *order)
	var done sync.WaitGroup
	for id := 0; id < 6; id++ {
		done.Add(1)
		go worker(id, orders, &done)
	}
	for id := 0; id < 6; id++ {
		orders <- &order{id, []string{"A-1", "B-2"}}
	}
	done.Wait()
}
