// Package web is what a browser and programs ask over HTTP: the pages, the JSON API, the feed of shifts, and the guard before them.
package web
