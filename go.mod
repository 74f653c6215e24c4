module stancebot

go 1.26.8

require (
	github.com/alecthomas/kong v1.17.0
	github.com/goccy/go-yaml v1.19.2
	github.com/kelseyhightower/envconfig v1.4.0
	golang.org/x/term v0.48.0
	golang.org/x/text v0.43.0
)

require golang.org/x/sys v0.50.0 // indirect
