package telegramtest

import (
	"encoding/json"
	"strings"
)

// A Button is one below a message.
type Button struct {
	Row   int // from 0
	Text  string
	Data  string // callback_data
	URL   string
	Query *string // what it begins an inline query with, in whatever chat; nil for another kind of button
	Copy  string  // the text that it copies
	JSON  json.RawMessage
}

// Buttons lists the buttons below a message, row by row.
func (c Content) Buttons() []Button {
	var markup struct {
		Rows [][]json.RawMessage `json:"inline_keyboard"`
	}
	if json.Unmarshal(c.Markup, &markup) != nil {
		return nil
	}
	var buttons []Button
	for i, row := range markup.Rows {
		for _, raw := range row {
			var b struct {
				Text   string  `json:"text"`
				Data   string  `json:"callback_data"`
				URL    string  `json:"url"`
				Switch *string `json:"switch_inline_query"`
				Here   *string `json:"switch_inline_query_current_chat"`
				Chosen *struct {
					Query string `json:"query"`
				} `json:"switch_inline_query_chosen_chat"`
				Copy struct {
					Text string `json:"text"`
				} `json:"copy_text"`
			}
			_ = json.Unmarshal(raw, &b) // it was read before
			query := b.Switch
			if query == nil {
				query = b.Here
			}
			if query == nil && b.Chosen != nil {
				query = &b.Chosen.Query
			}
			buttons = append(buttons, Button{Row: i, Text: b.Text, Data: b.Data, URL: b.URL, Query: query, Copy: b.Copy.Text, JSON: raw})
		}
	}
	return buttons
}

func isInlineKeyboard(markup json.RawMessage) bool {
	return strings.Contains(string(markup), `"inline_keyboard"`)
}

// The limits of a keyboard.
const (
	maxData    = 64 // bytes
	maxButtons = 100
	maxInRow   = 8
	maxCopy    = 256
)

// keyboard reads the reply_markup of a call; only buttons below a message where nothing else will do. s.mu is held.
func (s *Server) keyboard(where, markup string, inlineOnly bool) (json.RawMessage, *apiError) {
	if markup == "" || markup == "null" {
		return nil, nil //nolint:nilnil // There is none.
	}
	if !json.Valid([]byte(markup)) {
		return nil, wrong("can't parse reply keyboard markup JSON object")
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(markup), &fields) != nil {
		return nil, wrong("object expected as reply markup")
	}
	inline, ok := fields["inline_keyboard"]
	if !ok {
		if inlineOnly && len(fields) > 0 {
			return nil, wrong("inline keyboard expected")
		}
		return json.RawMessage(markup), nil
	}
	var rows [][]object
	if json.Unmarshal(inline, &rows) != nil {
		return nil, wrong(`field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`)
	}
	total := 0
	for _, row := range rows {
		total += len(row)
		if len(row) > maxInRow {
			s.Complain("%s: %d buttons in a row, of which people see %d", where, len(row), maxInRow)
		}
		for _, b := range row {
			if refused := s.checkButton(where, b); refused != nil {
				return nil, refused
			}
		}
	}
	switch {
	case total > maxButtons:
		return nil, wrong("reply markup is too long")
	case total == 0:
		return nil, nil //nolint:nilnil // An empty one takes the buttons away.
	}
	return json.RawMessage(markup), nil
}

// buttonActions are what a button may do; of several Telegram takes the first.
var buttonActions = []string{
	"url", "callback_data", "callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat",
	"switch_inline_query_current_chat", "login_url", "web_app", "copy_text",
}

// actionsOf lists what a button does.
func actionsOf(b object) []string {
	var found []string
	for _, a := range buttonActions {
		v, ok := b[a]
		_, isText := v.(string)
		if ok && (v != "" || !isText || strings.HasPrefix(a, "switch_")) {
			found = append(found, a)
		}
	}
	return found
}

func (s *Server) checkButton(where string, b object) *apiError {
	text, ok := b["text"].(string)
	if !ok {
		return wrong(`can't parse inline keyboard button: Can't find field "text"`)
	}
	if b["callback_data"] == "" {
		s.Complain("%s: the button %q with empty callback_data", where, text)
	}
	acts := actionsOf(b)
	switch {
	case len(acts) == 0:
		return wrong("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case len(acts) > 1:
		s.Complain("%s: the button %q does several things, %s, of which Telegram takes one", where, text, strings.Join(acts, " and "))
	}
	if strings.TrimSpace(text) == "" {
		return wrong("BUTTON_TEXT_EMPTY")
	}
	switch value, _ := b[acts[0]].(string); acts[0] {
	case "callback_data":
		if len(value) > maxData {
			return wrong("BUTTON_DATA_INVALID")
		}
	case "url":
		if checkedLink(value) == "" {
			return wrong("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", value)
		}
	case "copy_text":
		c, _ := b["copy_text"].(object)
		if copied, _ := c["text"].(string); copied == "" || units(copied) > maxCopy {
			return wrong("BUTTON_COPY_TEXT_INVALID")
		}
	}
	return nil
}
