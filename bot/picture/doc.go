// Package picture draws answers: maps and tile maps, cards, timelines and charts, as PNG and SVG.
//
// A picture is a Scene first, marks in the order in which they are painted, and both files are written from it. Text is
// measured and wrapped with the fonts that it is drawn with, which are part of the program: Inter, and Noto Sans SC for
// Chinese, cut down to what the program can say by gen/fonts.
//
// A Gallery draws the files that go with replies, and a Verifier answers whether a picture still holds, by its code.
//
// It imports knowledge, bot and bot/phrases, and golang.org/x/image for the drawing.
package picture
