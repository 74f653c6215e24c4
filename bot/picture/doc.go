// Package picture draws answers: maps and tile maps, cards, timelines and charts, as PNG and SVG.
//
// A picture is a Scene first, marks in the order in which they are painted, and both files are written from it. Text is
// measured and wrapped with the fonts that it is drawn with, which are part of the program: Inter, and Noto Sans SC for
// Chinese, cut down by gen/fonts to what the program can say and to common characters.
//
// A map is a sheet with a window for each axis: the outlines of bot/picture/shapes in a projection that keeps areas equal,
// small states as dots, each name where it covers nothing else; or tiles, one square a country, as tiles.txt has them. What
// is disputed is shown as the house style says (Place.Map). The colours of labels are held apart for all ways of seeing
// colours by a test, and patterns tell what has no place in the order of labels.
//
// A Gallery draws the files that go with replies, and a Verifier answers whether a picture still holds, by its code.
//
// It imports knowledge, bot, bot/phrases and bot/picture/shapes, golang.org/x/image for the drawing, and golang.org/x/text for
// the numbers of countries.
package picture
