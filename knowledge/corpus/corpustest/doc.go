// Package corpustest gives tests the records that the binary carries. It imports knowledge/corpus; only tests import it.
package corpustest
