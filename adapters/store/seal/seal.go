package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// KeySize is how many bytes a key has.
const KeySize = 32

// What keeps something from being opened.
var (
	ErrNoKey    = errors.New("seal: the key that encrypted it is not among those that are set")
	ErrTampered = errors.New("seal: it was changed, cut off, or belongs to something else")
)

// The form of what is sealed: a version, the fingerprint of the key, a nonce, and the ciphertext.
const (
	version     = 1
	fingerprint = 8
)

// Keys seal by the first of them, and open by all. They are safe for concurrent use, and never printed.
type Keys struct{ keys []key }

type key struct {
	print [fingerprint]byte
	aead  cipher.AEAD
}

// Parse reads keys parted by commas, each 32 bytes as base64 or as 64 hexadecimal digits. An error names the place in the list, and no
// value.
func Parse(list string) (*Keys, error) {
	k := &Keys{}
	for i, text := range strings.Split(list, ",") {
		raw, err := decode(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("key %d of the list: %w", i+1, err)
		}
		one, err := newKey(raw)
		if err != nil {
			return nil, fmt.Errorf("key %d of the list: %w", i+1, err)
		}
		k.keys = append(k.keys, one)
	}
	return k, nil
}

var errNoKey = errors.New("want 32 random bytes as base64 or hexadecimal digits, such as of openssl rand -base64 32")

func decode(text string) ([]byte, error) {
	decoders := []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	}
	for _, decoder := range decoders {
		if raw, err := decoder(text); err == nil && len(raw) == KeySize {
			return raw, nil
		}
	}
	return nil, errNoKey // what a decoder says may quote the text
}

func newKey(raw []byte) (key, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return key{}, errNoKey
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return key{}, errNoKey
	}
	one := key{aead: aead}
	hash := sha256.Sum256(append([]byte("stancebot seal\x00"), raw...))
	copy(one.print[:], hash[:])
	return one, nil
}

// String hides the keys.
func (*Keys) String() string { return "***" }

// GoString hides the keys.
func (*Keys) GoString() string { return "***" }

// Seal encrypts a text about something.
func (k *Keys) Seal(text, about string) []byte {
	first := &k.keys[0]
	head := append([]byte{version}, first.print[:]...)
	nonce := make([]byte, first.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails, it says
	return first.aead.Seal(append(head, nonce...), nonce, []byte(text), bound(head, about))
}

// bound is what a ciphertext is bound to: its head, and what it is about.
func bound(head []byte, about string) []byte {
	return append(append([]byte{}, head...), about...)
}

// Open decrypts what was sealed about something. Old tells that it was not by the first key.
func (k *Keys) Open(sealed []byte, about string) (text string, old bool, err error) {
	const head = 1 + fingerprint
	if len(sealed) < head || sealed[0] != version {
		return "", false, ErrTampered
	}
	for i := range k.keys {
		one := &k.keys[i]
		if [fingerprint]byte(sealed[1:head]) != one.print {
			continue
		}
		rest := sealed[head:]
		if len(rest) < one.aead.NonceSize() {
			return "", false, ErrTampered
		}
		opened, err := one.aead.Open(nil, rest[:one.aead.NonceSize()], rest[one.aead.NonceSize():], bound(sealed[:head], about))
		if err != nil {
			return "", false, ErrTampered
		}
		return string(opened), i > 0, nil
	}
	return "", false, ErrNoKey
}
