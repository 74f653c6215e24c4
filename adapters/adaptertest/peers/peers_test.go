package peers_test

import (
	"testing"

	"stancebot/adapters/adaptertest/peers"
)

// Both kinds of records that Telegram's judges read go to them as they are written in Go.
func TestTelegramJudges(t *testing.T) {
	peers.Check(t, peers.Telegram, "check-html.mjs", []struct {
		ID    string   `json:"id"`
		Text  string   `json:"text"`
		Plain string   `json:"plain"`
		Live  []string `json:"live"`
	}{{"stance", "<b>Peru</b> leans: /why", "Peru leans: /why", []string{"bot_command"}}})
	peers.Check(t, peers.Telegram, "check-calls.mjs", []struct {
		ID     string            `json:"id"`
		Method string            `json:"method"`
		Params map[string]string `json:"params"`
	}{{"send", "sendMessage", map[string]string{"chat_id": "7", "text": "Peru", "parse_mode": "HTML"}}})
}
