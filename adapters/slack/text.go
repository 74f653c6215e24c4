package slack

import (
	"regexp"
	"strings"
)

// plainText returns what a person wrote, out of Slack's markup: without our own mention, links and mentions by their
// labels, flags as flags, entities as signs.
func plainText(text, ourUser string) string {
	if ourUser != "" {
		text = strings.ReplaceAll(text, "<@"+ourUser+">", " ")
	}
	if strings.Contains(text, "<") {
		text = marked.ReplaceAllStringFunc(text, label)
	}
	if text = withFlags(text); strings.Contains(text, "&") {
		text = signs.Replace(text)
	}
	return strings.TrimSpace(text)
}

// withFlags returns a text with flags where people typed their shortcodes.
func withFlags(text string) string {
	if !strings.Contains(text, ":") {
		return text
	}
	return shortcodes.ReplaceAllStringFunc(text, flag)
}

// withoutMention also takes the mention away that a message to us begins with, whoever we are there.
func withoutMention(text, ourUser string) string {
	text = strings.TrimSpace(text)
	if ourUser == "" && strings.HasPrefix(text, "<@") {
		if _, rest, ok := strings.Cut(text, ">"); ok {
			text = rest
		}
	}
	return plainText(text, ourUser)
}

var signs = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

var marked = regexp.MustCompile(`<[^<>]*>`)

// label returns what Slack shows for a link, a mention or a channel.
func label(mark string) string {
	target, shown, labelled := strings.Cut(mark[1:len(mark)-1], "|")
	switch {
	case labelled:
		return shown
	case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"), strings.HasPrefix(target, "!"):
		return " " // an id that says nothing
	}
	return target
}

var shortcodes = regexp.MustCompile(`:(flag-[a-z]{2}|[a-z]{2}):`)

// flagsByCode are the flags that Slack names by the code alone.
const flagsByCode = " cn de es fr gb it jp kr ru us "

// flag returns the flag that a shortcode stands for. People type it as :flag-pe:, and Slack sends it so.
func flag(shortcode string) string {
	name := strings.Trim(shortcode, ":")
	code, ok := strings.CutPrefix(name, "flag-")
	switch {
	case name == "uk":
		code = "gb"
	case !ok && !strings.Contains(flagsByCode, " "+name+" "):
		return shortcode
	}
	const flagA = '\U0001F1E6'
	return string([]rune{flagA + rune(code[0]-'a'), flagA + rune(code[1]-'a')})
}
