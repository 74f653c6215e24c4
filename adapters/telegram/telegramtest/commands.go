package telegramtest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// A MenuCommand is one that the bot offers in a menu.
type MenuCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// A CommandSet is what the bot offers somewhere, in a language or, with "", in those that have none of their own.
type CommandSet struct {
	Scope    string // its type, and the chat and user behind it where it names them: "chat -100 7"
	Language string
	Commands []MenuCommand
}

// CommandSets lists what the bot offers everywhere, in the order in which it was set.
func (s *Server) CommandSets() []CommandSet {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// Commands lists what the bot offers in a scope and a language.
func (s *Server) Commands(scope, language string) []MenuCommand {
	for _, set := range s.CommandSets() {
		if set.Scope == scope && set.Language == language {
			return set.Commands
		}
	}
	return nil
}

var (
	commandName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageCode = regexp.MustCompile(`^([a-z]{2})?$`)
)

// The limits of menus and descriptions.
const (
	maxCommands         = 100
	maxCommandText      = 256
	maxDescription      = 512
	maxShortDescription = 120
)

// scopeOf reads the scope and language of a call.
func (s *Server) scopeOf(call *Call) (scope, language string, refused *apiError) {
	language = call.Args["language_code"]
	if !languageCode.MatchString(language) {
		return "", "", wrong("LANG_CODE_INVALID")
	}
	raw := call.Args["scope"]
	if raw == "" {
		return "default", language, nil
	}
	var v struct {
		Type string          `json:"type"`
		Chat json.RawMessage `json:"chat_id"`
		User json.RawMessage `json:"user_id"`
	}
	if json.Unmarshal([]byte(raw), &v) != nil {
		return "", "", wrong("can't parse BotCommandScope JSON object")
	}
	switch v.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return v.Type, language, nil
	case "chat", "chat_administrators", "chat_member":
	default:
		return "", "", wrong("can't parse BotCommandScope: Unsupported type specified")
	}
	c, refused := s.readable(strings.Trim(string(v.Chat), `"`))
	switch {
	case refused != nil:
		return "", "", refused
	case v.Type != "chat" && c.Type == Private:
		return "", "", wrong("can't parse BotCommandScope: the chat has no administrators")
	case v.Type == "chat_member" && len(v.User) == 0:
		return "", "", wrong("can't parse BotCommandScope: Invalid user_id specified")
	}
	return strings.TrimSpace(v.Type + " " + strings.Trim(string(v.Chat), `"`) + " " + string(v.User)), language, nil
}

func (s *Server) setMyCommands(call *Call) (any, *apiError) {
	scope, language, refused := s.scopeOf(call)
	if refused != nil {
		return nil, refused
	}
	var commands []MenuCommand
	if json.Unmarshal([]byte(call.Args["commands"]), &commands) != nil {
		return nil, wrong("expected an Array of BotCommand")
	}
	if len(commands) > maxCommands {
		return nil, wrong("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range commands {
		switch {
		case !commandName.MatchString(strings.TrimPrefix(c.Command, "/")):
			return nil, wrong("BOT_COMMAND_INVALID")
		case c.Description == "" || len([]rune(c.Description)) > maxCommandText:
			return nil, wrong("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.forgetCommands(scope, language)
	if len(commands) > 0 {
		s.commands = append(s.commands, CommandSet{scope, language, commands})
	}
	return true, nil
}

func (s *Server) forgetCommands(scope, language string) {
	s.commands = slices.DeleteFunc(s.commands, func(c CommandSet) bool { return c.Scope == scope && c.Language == language })
}

func (s *Server) getMyCommands(call *Call) (any, *apiError) {
	scope, language, refused := s.scopeOf(call)
	if refused != nil {
		return nil, refused
	}
	for _, set := range s.commands {
		if set.Scope == scope && set.Language == language {
			return set.Commands, nil
		}
	}
	return []MenuCommand{}, nil
}

func (s *Server) deleteMyCommands(call *Call) (any, *apiError) {
	scope, language, refused := s.scopeOf(call)
	if refused != nil {
		return nil, refused
	}
	s.forgetCommands(scope, language)
	return true, nil
}

// Description returns what a person reads in the empty chat with the bot, in a language.
func (s *Server) Description(language string) string { return s.textIn("description", language) }

// ShortDescription returns what stands on the bot's profile, in a language.
func (s *Server) ShortDescription(language string) string {
	return s.textIn("short_description", language)
}

func (s *Server) textIn(kind, language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[kind+" "+language]
}

func (s *Server) setText(call *Call, kind string, limit int) (any, *apiError) {
	language, text := call.Args["language_code"], call.Args[kind]
	switch {
	case !languageCode.MatchString(language):
		return nil, wrong("LANG_CODE_INVALID")
	case units(text) > limit:
		return nil, wrong("%s is too long", strings.ReplaceAll(kind, "_", " "))
	}
	s.texts[kind+" "+language] = text
	return true, nil
}

// getText tells a text in a language, or else in all.
func (s *Server) getText(call *Call, kind string) (any, *apiError) {
	text := s.texts[kind+" "+call.Args["language_code"]]
	if text == "" {
		text = s.texts[kind+" "]
	}
	return object{kind: text}, nil
}

func (s *Server) setMyDescription(call *Call) (any, *apiError) {
	return s.setText(call, "description", maxDescription)
}

func (s *Server) getMyDescription(call *Call) (any, *apiError) {
	return s.getText(call, "description")
}

func (s *Server) setMyShortDescription(call *Call) (any, *apiError) {
	return s.setText(call, "short_description", maxShortDescription)
}

func (s *Server) getMyShortDescription(call *Call) (any, *apiError) {
	return s.getText(call, "short_description")
}
