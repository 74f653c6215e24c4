package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
)

// encode writes opaque pixels as a PNG, with texts in it. The standard library's encoder tries five filters on every
// row, for half of the time that a picture takes; of areas in one colour each row is best told by the row above it.
func encode(pixels *image.RGBA, meta []Meta) ([]byte, error) {
	width, height := pixels.Rect.Dx(), pixels.Rect.Dy()
	var rows bytes.Buffer
	z, err := zlib.NewWriterLevel(&rows, zlib.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	const up = 2 // the filter: each byte by its difference from the one above
	row, above := make([]byte, 1+3*width), make([]byte, 4*width)
	row[0] = up
	for y := range height {
		line := pixels.Pix[y*pixels.Stride:][:4*width]
		for x := range width {
			row[1+3*x], row[2+3*x], row[3+3*x] = line[4*x]-above[4*x], line[4*x+1]-above[4*x+1], line[4*x+2]-above[4*x+2]
		}
		if _, err := z.Write(row); err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
		above = line
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	const depth, trueColour = 8, 2
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	file := append(make([]byte, 0, rows.Len()+4096), "\x89PNG\r\n\x1a\n"...)
	file = chunk(file, "IHDR", append(head, depth, trueColour, 0, 0, 0))
	for _, m := range meta {
		if m.Text != "" { // iTXt holds UTF-8: a key, no compression, no language
			file = chunk(file, "iTXt", []byte(m.Key+"\x00\x00\x00\x00\x00"+m.Text))
		}
	}
	return chunk(chunk(file, "IDAT", rows.Bytes()), "IEND", nil), nil
}

// chunk appends a part of a PNG: its length, its kind, what it holds, and the sum of both.
func chunk(file []byte, kind string, data []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(data)))
	start := len(file)
	file = append(append(file, kind...), data...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[start:]))
}
