package slack

// What the tests of the rendering ask for as the adapter does.
var (
	Shareable     = shareable
	WithSlackHelp = withSlackHelp
)
