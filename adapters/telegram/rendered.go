package telegram

import (
	"sync"

	"stancebot/bot"
)

// rendered keeps messages: replies that are the same are rendered once. It is safe for concurrent use; nobody changes a message.
type rendered struct {
	mu sync.RWMutex
	of map[string]Message // by the name that equal replies share
}

// renderedKept is how many messages are kept, of some kilobytes each. When there are as many, they are forgotten.
const renderedKept = 2000

// message returns a reply as Telegram shows it.
func (k *rendered) message(r *bot.Reply) Message {
	if r.Same == "" {
		return Render(r)
	}
	k.mu.RLock()
	m, have := k.of[r.Same]
	k.mu.RUnlock()
	if have {
		return m
	}
	m = Render(r)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || len(k.of) >= renderedKept {
		k.of = map[string]Message{}
	}
	k.of[r.Same] = m
	return m
}
