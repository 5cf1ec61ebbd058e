// Checks a log and a bundle of it with transparency-log libraries of other people. Usage: interop LOG.json; ends with 0
// and a line per check, or says which one failed.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"github.com/gowebpki/jcs"
	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Seq    int64
	Hashes []string
}

type logFile struct {
	Vkey       string
	Origin     string
	Checkpoint string
	Leaves     []string
	Prior      struct {
		Checkpoint string
		Hashes     []string
	}
	Inclusions []inclusion
	// A bundle of the log: its range, and the hashes around it.
	Begin, End  uint64
	Left, Right []string
	// Canonical JSON beside the leaves.
	Canonical []string
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	check(err, "the file")
	var l logFile
	check(json.Unmarshal(data, &l), "the file")

	verifier, err := note.NewVerifier(l.Vkey)
	check(err, "x/mod note.NewVerifier")
	opened, err := note.Open([]byte(l.Checkpoint), note.VerifierList(verifier))
	check(err, "x/mod note.Open")
	if len(opened.Sigs) != 1 {
		fail("x/mod note.Open", "not one signature")
	}
	head, _, _, err := log.ParseCheckpoint([]byte(l.Checkpoint), l.Origin, verifier)
	check(err, "formats log.ParseCheckpoint")
	prior, _, _, err := log.ParseCheckpoint([]byte(l.Prior.Checkpoint), l.Origin, verifier)
	check(err, "formats log.ParseCheckpoint of the prior one")
	if uint64(len(l.Leaves)) != head.Size {
		fail("the file", "not all leaves")
	}
	sumdb(l, head, prior)
	merkleLibrary(l, head, prior)
	for _, text := range append(l.Leaves, l.Canonical...) {
		canonical, err := jcs.Transform([]byte(text))
		check(err, "jcs.Transform")
		if string(canonical) != text {
			fail("jcs.Transform", text)
		}
	}
	fmt.Println("ok jcs", len(l.Leaves)+len(l.Canonical))
}

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = m[index]
	}
	return out, nil
}

func sumdb(l logFile, head, prior *log.Checkpoint) {
	var stored memory
	for n, leaf := range l.Leaves {
		hashes, err := tlog.StoredHashes(int64(n), []byte(leaf), stored)
		check(err, "tlog.StoredHashes")
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(int64(head.Size), stored)
	check(err, "tlog.TreeHash")
	if !bytes.Equal(root[:], head.Hash) {
		fail("tlog.TreeHash", "another root")
	}
	for _, p := range l.Inclusions {
		leaf := tlog.RecordHash([]byte(l.Leaves[p.Seq]))
		check(tlog.CheckRecord(tlogHashes(p.Hashes), int64(head.Size), root, p.Seq, leaf), "tlog.CheckRecord")
		if tlog.CheckRecord(tlogHashes(p.Hashes), int64(head.Size), root, p.Seq, root) == nil {
			fail("tlog.CheckRecord", "another leaf was accepted")
		}
	}
	old := tlog.Hash(prior.Hash)
	check(tlog.CheckTree(tlogHashes(l.Prior.Hashes), int64(head.Size), root, int64(prior.Size), old), "tlog.CheckTree")
	fmt.Println("ok sumdb", len(l.Leaves), len(l.Inclusions))
}

func merkleLibrary(l logFile, head, prior *log.Checkpoint) {
	hasher := rfc6962.DefaultHasher
	for _, p := range l.Inclusions {
		leaf := hasher.HashLeaf([]byte(l.Leaves[p.Seq]))
		check(proof.VerifyInclusion(hasher, uint64(p.Seq), head.Size, leaf, raw(p.Hashes), head.Hash), "proof.VerifyInclusion")
	}
	err := proof.VerifyConsistency(hasher, prior.Size, head.Size, raw(l.Prior.Hashes), prior.Hash, head.Hash)
	check(err, "proof.VerifyConsistency")

	ranges := compact.RangeFactory{Hash: hasher.HashChildren}
	tree, err := ranges.NewRange(0, l.Begin, raw(l.Left))
	check(err, "compact.NewRange left")
	for _, leaf := range l.Leaves[l.Begin:l.End] {
		check(tree.Append(hasher.HashLeaf([]byte(leaf)), nil), "compact.Append")
	}
	rest, err := ranges.NewRange(l.End, head.Size, raw(l.Right))
	check(err, "compact.NewRange right")
	check(tree.AppendRange(rest, nil), "compact.AppendRange")
	root, err := tree.GetRootHash(nil)
	check(err, "compact.GetRootHash")
	if !bytes.Equal(root, head.Hash) {
		fail("compact.GetRootHash", "left, leaves and right give another root")
	}
	fmt.Println("ok merkle", l.Begin, l.End)
}

func raw(texts []string) [][]byte {
	hashes := make([][]byte, len(texts))
	for i, text := range texts {
		hash, err := base64.StdEncoding.DecodeString(text)
		check(err, "base64")
		hashes[i] = hash
	}
	return hashes
}

func tlogHashes(texts []string) []tlog.Hash {
	hashes := make([]tlog.Hash, len(texts))
	for i, hash := range raw(texts) {
		hashes[i] = tlog.Hash(hash)
	}
	return hashes
}

func check(err error, what string) {
	if err != nil {
		fail(what, err.Error())
	}
}

func fail(what, why string) {
	fmt.Fprintln(os.Stderr, what+":", why)
	os.Exit(1)
}
