// Command tlog prints how many records a second golang.org/x/mod/sumdb/tlog hashes into its tree, in memory, on one core.
//
// Usage: tlog FILE, where FILE has one record a line.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const rounds = 5

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: tlog FILE (one record a line)")
		os.Exit(2)
	}
	runtime.GOMAXPROCS(1)
	records, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var best time.Duration
	var root tlog.Hash
	for range rounds {
		started := time.Now()
		root, err = grow(records)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if took := time.Since(started); best == 0 || took < best {
			best = took
		}
	}
	fmt.Printf("{\"perSecond\": %.0f, \"root\": %q}\n", float64(len(records))/best.Seconds(), root.String())
}

func read(name string) ([][]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var records [][]byte
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		records = append(records, append([]byte(nil), lines.Bytes()...))
	}
	return records, lines.Err()
}

// grow appends the records to an empty tree and returns its root.
func grow(records [][]byte) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for n, record := range records {
		hashes, err := tlog.StoredHashes(int64(n), record, reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, hashes...)
	}
	return tlog.TreeHash(int64(len(records)), reader)
}
