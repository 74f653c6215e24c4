package telegram

import (
	"sync"

	"stancebot/bot"
)

// A shown is a message with its keyboard as it is sent.
type shown struct {
	Message

	keyboard string
}

func show(r *bot.Reply) shown {
	m := Render(r)
	return shown{m, keyboardOf(m.Keys)}
}

// rendered keeps messages: replies that are the same are rendered once. It is safe for concurrent use; nobody changes a message.
type rendered struct {
	mu sync.RWMutex
	of map[string]shown // by the name that equal replies share
}

// renderedKept is how many messages are kept, of some kilobytes each. When there are as many, they are forgotten.
const renderedKept = 2000

// message returns a reply as Telegram shows it.
func (k *rendered) message(r *bot.Reply) shown {
	if r.Same == "" {
		return show(r)
	}
	k.mu.RLock()
	m, have := k.of[r.Same]
	k.mu.RUnlock()
	if have {
		return m
	}
	m = show(r)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || len(k.of) >= renderedKept {
		k.of = map[string]shown{}
	}
	k.of[r.Same] = m
	return m
}
