// Package shapes holds the outlines of the world's countries and places: those of Natural Earth at 1:50 million, a work
// in the public domain, as world-atlas 2.0.2 packs them. What it calls an area is no statement on whose the area is:
// what is disputed has an area of its own wherever the outlines allow it, so that the house style can decide.
//
// Outlines are made of arcs, as TopoJSON has it: a border is one arc that two areas share, and is drawn once. The file
// is written by bot/picture/gen/shapes. The package imports nothing.
package shapes
