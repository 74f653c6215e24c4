package picture

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"stancebot/knowledge"
)

// bits are what a code is made of, one to an element, the leading one first.
type bits []bool

const symbolBits = 5

// put appends the low bits of a number.
func (b *bits) put(v uint64, n int) {
	for i := n - 1; i >= 0; i-- {
		*b = append(*b, v>>i&1 == 1)
	}
}

func (b *bits) flag(v bool) { *b = append(*b, v) }

// number reads all bits as one number.
func number(b bits) uint64 {
	var v uint64
	for _, bit := range b {
		v <<= 1
		if bit {
			v |= 1
		}
	}
	return v
}

// day appends a day as the count of days from another one.
func (b *bits) day(d knowledge.Day, from time.Time, n int) error {
	days := int(d.Time().Sub(from).Hours()) / 24
	if days < 0 || days >= 1<<n {
		return fmt.Errorf("%w: %s is out of its reach", ErrUncoded, d)
	}
	b.put(uint64(days), n)
	return nil
}

// A bitReader takes bits from the front. Where there are none left it reads zeros and is short.
type bitReader struct {
	left  bits
	short bool
}

func (r *bitReader) take(n int) uint64 {
	if n > len(r.left) {
		r.short, r.left = true, nil
		return 0
	}
	v := number(r.left[:n])
	r.left = r.left[n:]
	return v
}

func (r *bitReader) day(from time.Time, n int) knowledge.Day {
	return knowledge.DayOf(from.AddDate(0, 0, int(r.take(n))))
}

// The forms of the symbols of texts in a code.
const (
	plainSymbol     = iota // 68/262
	emergencySymbol        // ES-11/7
	datedSymbol            // GA-2026-02-24, with more letters behind it
	spelledSymbol          // all others, letter by letter
	symbolForms     = 2    // bits
)

// The letters of symbols that are spelled, and of what stands behind a date. The first of each ends the word.
const (
	symbolLetters = "\x00ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/()-"
	suffixLetters = "\x00abcdefghijklmnopqrstuvwxyz-"
	gaPrefix      = "GA-"
	dayLength     = len("2026-02-24")
)

// writeSymbol appends the symbol of a text of the General Assembly.
func writeSymbol(b *bits, id string) error {
	if session, number, emergency, ok := splitSymbol(id); ok {
		form := uint64(plainSymbol)
		if emergency {
			form = emergencySymbol
		}
		b.put(form, symbolForms)
		b.put(session, 7)
		b.put(number, 9)
		return nil
	}
	if rest, ok := strings.CutPrefix(id, gaPrefix); ok && len(rest) >= dayLength {
		if date, err := knowledge.ParseDate(rest[:dayLength]); err == nil {
			b.put(datedSymbol, symbolForms)
			if err := b.day(date.First(), askedFrom, 15); err != nil {
				return err
			}
			return b.word(rest[dayLength:], suffixLetters, 5)
		}
	}
	b.put(spelledSymbol, symbolForms)
	return b.word(id, symbolLetters, 6)
}

// splitSymbol splits a symbol of the usual form, and reports whether it is written again as it stands.
func splitSymbol(id string) (session, number uint64, emergency, ok bool) {
	rest, emergency := strings.CutPrefix(id, "ES-")
	a, b, _ := strings.Cut(rest, "/")
	session, err := strconv.ParseUint(a, 10, 7)
	number, err2 := strconv.ParseUint(b, 10, 9)
	ok = cmp.Or(err, err2) == nil && joinSymbol(session, number, emergency) == id
	return session, number, emergency, ok
}

func joinSymbol(session, number uint64, emergency bool) string {
	s := fmt.Sprintf("%d/%d", session, number)
	if emergency {
		return "ES-" + s
	}
	return s
}

// word appends letters and the end.
func (b *bits) word(text, letters string, n int) error {
	for _, r := range text {
		at := strings.IndexRune(letters, r)
		if at < 0 {
			return fmt.Errorf("%w: the symbol of a text has %q", ErrUncoded, r)
		}
		b.put(uint64(at), n)
	}
	b.put(0, n)
	return nil
}

func (r *bitReader) word(letters string, n int) (string, bool) {
	var text []byte
	for !r.short {
		at := r.take(n)
		switch {
		case at == 0:
			return string(text), true
		case at >= uint64(len(letters)):
			return "", false
		}
		text = append(text, letters[at])
	}
	return "", false
}

func (r *bitReader) symbol() (string, bool) {
	switch form := r.take(symbolForms); form {
	case plainSymbol, emergencySymbol:
		session := r.take(7)
		return joinSymbol(session, r.take(9), form == emergencySymbol), true
	case datedSymbol:
		day := r.day(askedFrom, 15)
		suffix, ok := r.word(suffixLetters, 5)
		return gaPrefix + day.String() + suffix, ok
	default:
		return r.word(symbolLetters, 6)
	}
}
