package slacktest

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// shown lists the texts of a message in which markup counts. Plain text, values and addresses of buttons are not among them:
// there a mention is mere letters, and a link brings no preview.
func (c Content) shown() []string {
	texts := []string{c.Text}
	for _, raw := range []json.RawMessage{c.Blocks, c.Attachments} {
		for _, element := range elements(raw) {
			texts = appendShown(texts, element)
		}
	}
	return texts
}

// unmarked are the fields whose strings are not text that is shown with markup.
var unmarked = []string{
	"type", "value", "url", "image_url", "thumb_url", "action_id", "block_id", "callback_id", "alt_text", "title_link", "from_url",
	"author_link", "author_icon", "footer_icon", "style",
}

func appendShown(texts []string, v any) []string {
	switch v := v.(type) {
	case string:
		return append(texts, v)
	case []any:
		for _, element := range v {
			texts = appendShown(texts, element)
		}
	case object:
		switch v["type"] {
		case "plain_text":
			return texts
		case "broadcast", "usergroup": // of rich text
			return append(texts, "<!channel>")
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(unmarked, key) {
				texts = appendShown(texts, v[key])
			}
		}
	}
	return texts
}

var broadcast = regexp.MustCompile(`<!(channel|here|everyone|group|subteam\^)`)

// bare is a mention where Slack was asked to look for names in plain words.
var bare = regexp.MustCompile(`@(channel|here|everyone)\b`)

func namesAll(texts []string) bool { return slices.ContainsFunc(texts, bare.MatchString) }

func mentionsAll(texts []string) bool { return slices.ContainsFunc(texts, broadcast.MatchString) }

// hasLinks says whether a message shows something that Slack would preview.
func (c Content) hasLinks() bool {
	return slices.ContainsFunc(c.shown(), func(text string) bool {
		return strings.Contains(text, "http://") || strings.Contains(text, "https://")
	})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
