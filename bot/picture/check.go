package picture

// The check of a code is that of a Reed-Solomon code over the field of 32 elements: read as a polynomial, the symbols of a sound one have
// the roots α and α². Any one or two wrong symbols show, and so do two that changed places.

const checkSymbols = 2

// powers holds the powers of α, twice in a row; logs the power that each element is. α is a root of x⁵+x²+1.
var powers, logs = func() (powers [62]byte, logs [32]int) {
	v := byte(1)
	for i := range 31 {
		powers[i], powers[i+31], logs[v] = v, v, i
		if v <<= 1; v&0x20 != 0 {
			v ^= 0x25
		}
	}
	return powers, logs
}()

func times(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return powers[logs[a]+logs[b]]
}

// value is that of the polynomial at a power of α, by Horner's rule.
func value(symbols []byte, power int) byte {
	var v byte
	for _, s := range symbols {
		v = times(v, powers[power]) ^ s
	}
	return v
}

// sound reports whether the check of a code is right.
func sound(symbols []byte) bool { return value(symbols, 1) == 0 && value(symbols, 2) == 0 }

// checked appends the two symbols that make a code sound.
func checked(symbols []byte) []byte {
	// With a and b behind them: v₁α² + aα + b = 0 and v₂α⁴ + aα² + b = 0.
	v1 := times(value(symbols, 1), powers[2])
	v2 := times(value(symbols, 2), powers[4])
	sum := powers[1] ^ powers[2]
	a := times(v1^v2, powers[31-logs[sum]])
	b := v1 ^ times(a, powers[1])
	return append(symbols, a, b)
}
