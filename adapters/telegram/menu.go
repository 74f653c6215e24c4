package telegram

import (
	"context"

	"stancebot/bot/phrases"
)

// scopes are the chats that see our menu of commands.
var scopes = []string{"default", "all_private_chats", "all_group_chats"}

// offerMenus tells Telegram our commands, in each language for each kind of chat. Without them the program works, too.
func (a *Adapter) offerMenus(ctx context.Context) {
	for _, language := range append([]string{""}, phrases.Languages()...) {
		for _, scope := range scopes {
			p := params{"commands": jsonOf(commands(language)), "scope": jsonOf(map[string]string{"type": scope})}
			p.AddNonEmpty("language_code", language)
			if _, err := a.api.call(ctx, "setMyCommands", p); err != nil {
				if ctx.Err() == nil {
					a.Log.WarnContext(ctx, "telegram does not take the menu of commands", "language", language, "error", err)
				}
				return
			}
		}
	}
}

type menuCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// commands are those of the menu, in a language.
func commands(language string) []menuCommand {
	p := phrases.In(language)
	list := make([]menuCommand, len(menu))
	for i, command := range menu {
		key := "help." + command
		switch command {
		case "why":
			key = "help.evidence"
		case "settings":
			key = "telegram.settings"
		}
		list[i] = menuCommand{command, p.Say(key)}
	}
	return list
}
