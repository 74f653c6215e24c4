package telegramtest

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
)

// builtIn lists the parameters of the methods, as of Bot API 10.1; those with ! are required.
var builtIn = map[string]string{
	"getMe":                  "",
	"getUpdates":             "offset limit timeout allowed_updates",
	"setWebhook":             "url! certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
	"deleteWebhook":          "drop_pending_updates",
	"getWebhookInfo":         "",
	"sendMessage":            toChat + " text! parse_mode entities link_preview_options " + sending,
	"sendPhoto":              toChat + " photo! caption parse_mode caption_entities show_caption_above_media has_spoiler " + sending,
	"sendDocument":           toChat + " document! thumbnail caption parse_mode caption_entities disable_content_type_detection " + sending,
	"editMessageText":        editing + " text parse_mode entities link_preview_options rich_message",
	"editMessageReplyMarkup": editing,
	"editMessageCaption":     editing + " caption parse_mode caption_entities show_caption_above_media",
	"deleteMessage":          "chat_id! message_id!",
	"answerCallbackQuery":    "callback_query_id! text show_alert url cache_time",
	"answerInlineQuery":      "inline_query_id! results! cache_time is_personal next_offset button",
	"sendChatAction":         "business_connection_id chat_id! message_thread_id action!",
	"setMyCommands":          "commands! scope language_code",
	"getMyCommands":          "scope language_code",
	"deleteMyCommands":       "scope language_code",
	"setMyDescription":       "description language_code",
	"getMyDescription":       "language_code",
	"setMyShortDescription":  "short_description language_code",
	"getMyShortDescription":  "language_code",
	"getChat":                "chat_id!",
	"getChatMember":          "chat_id! user_id!",
	"getChatAdministrators":  "chat_id! return_bots",
	"leaveChat":              "chat_id!",
}

const (
	toChat  = "business_connection_id chat_id! message_thread_id direct_messages_topic_id"
	sending = "disable_notification protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup"
	editing = "business_connection_id chat_id message_id inline_message_id reply_markup"
)

// deprecated are parameters that Telegram still takes, though the Bot API names them no more.
var deprecated = map[string]string{
	"reply_to_message_id":         "reply_parameters",
	"allow_sending_without_reply": "reply_parameters",
	"disable_web_page_preview":    "link_preview_options",
	"switch_pm_text":              "button",
	"switch_pm_parameter":         "button",
}

// ownWords is how Telegram refuses a call without a required parameter, where it has words of its own.
var ownWords = map[string]string{
	"text": "message text is empty", "chat_id": "chat_id is empty", "photo": "there is no photo in the request", "document": "there is no document in the request",
	"action": "wrong parameter action in request",
}

// A field is a parameter of a method, or a field of a type.
type field struct {
	Name     string   `json:"name"`
	Types    []string `json:"types"`
	Required bool     `json:"required"`
}

// A specItem is a method or type of a Bot API for machines.
type specItem struct {
	Fields   []field  `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

type spec struct {
	Methods map[string]specItem `json:"methods"`
	Types   map[string]specItem `json:"types"` // none of the built-in table
}

func newSpec(file string) *spec {
	s := &spec{}
	if file == "" {
		s.Methods = map[string]specItem{}
		for method, names := range builtIn {
			var item specItem
			for name := range strings.FieldsSeq(names) {
				plain, required := strings.CutSuffix(name, "!")
				item.Fields = append(item.Fields, field{Name: plain, Required: required})
			}
			s.Methods[method] = item
		}
		return s
	}
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, s)
	}
	if err != nil || len(s.Methods) == 0 {
		panic("telegramtest: the spec " + file + " cannot be read as a Bot API")
	}
	return s
}

// checkParameters refuses a call with parameters that the Bot API does not have, or without those that it requires; s.mu is held.
func (s *Server) checkParameters(call *Call) *apiError {
	item := s.spec.Methods[call.Method]
	given := slices.Sorted(maps.Keys(call.Args))
	for _, name := range given {
		known := slices.ContainsFunc(item.Fields, func(f field) bool { return f.Name == name })
		switch {
		case known, call.InWebhook && name == "method":
		case deprecated[name] != "":
			s.Complain("%s: %s is deprecated, use %s", call.Method, name, deprecated[name])
		default:
			return wrong("unsupported parameter %q", name)
		}
	}
	for _, f := range item.Fields {
		_, uploaded := call.Files[f.Name]
		if f.Required && call.Args[f.Name] == "" && !uploaded && !(f.Name == "url" && call.Args.has("url")) {
			if own := ownWords[f.Name]; own != "" {
				return wrong("%s", own)
			}
			return wrong("parameter %q is required", f.Name)
		}
		if value := call.Args[f.Name]; value != "" {
			s.checkNested(call.Method+": "+f.Name, f.Types, value)
		}
	}
	return nil
}

// checkNested complains of a JSON value that does not go with the types that it may have.
func (s *Server) checkNested(where string, types []string, value string) {
	kinds := slices.DeleteFunc(slices.Clone(types), func(t string) bool { return s.spec.Types[elementOf(t)].isEmpty() })
	if len(kinds) == 0 || value == "null" {
		return
	}
	var v any
	if json.Unmarshal([]byte(value), &v) != nil {
		return // the method says what is wrong with it
	}
	s.checkValue(where, kinds, v)
}

func (i specItem) isEmpty() bool { return len(i.Fields) == 0 && len(i.Subtypes) == 0 }

func elementOf(t string) string {
	for strings.HasPrefix(t, "Array of ") {
		t = strings.TrimPrefix(t, "Array of ")
	}
	return t
}

// checkValue complains unless a value is of one of the types.
func (s *Server) checkValue(where string, types []string, v any) {
	var names []string
	for _, t := range types {
		names = append(names, elementOf(t))
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			s.checkValue(where, names, e)
		}
	case object:
		var best []string
		for _, name := range s.leaves(names) {
			faults := s.faultsOf(where+" as "+name, name, v)
			if len(faults) == 0 {
				best = nil
				break
			}
			if best == nil || len(faults) < len(best) {
				best = faults
			}
		}
		for _, f := range best {
			s.Complain("%s", f)
		}
	}
}

// leaves replaces types by those that they may be.
func (s *Server) leaves(names []string) []string {
	var found []string
	for _, name := range names {
		switch item := s.spec.Types[name]; {
		case len(item.Subtypes) > 0:
			found = append(found, s.leaves(item.Subtypes)...)
		case len(item.Fields) > 0:
			found = append(found, name)
		}
	}
	return found
}

func (s *Server) faultsOf(where, name string, v object) []string {
	item := s.spec.Types[name]
	var faults []string
	for _, key := range slices.Sorted(maps.Keys(v)) {
		i := slices.IndexFunc(item.Fields, func(f field) bool { return f.Name == key })
		if i < 0 {
			faults = append(faults, where+": no field "+key)
			continue
		}
		sub := &Server{spec: s.spec}
		sub.checkValue(where+"."+key, item.Fields[i].Types, v[key])
		faults = append(faults, sub.Complaints()...)
	}
	for _, f := range item.Fields {
		if _, ok := v[f.Name]; f.Required && !ok {
			faults = append(faults, where+": the required field "+f.Name+" is missing")
		}
	}
	return faults
}
