package telegram_test

import (
	"strings"
	"testing"

	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
)

func TestDiagnose(t *testing.T) {
	t.Parallel()
	const token = "123:SECRET-TOKEN"
	for name, c := range map[string]struct {
		slack   telegramtest.Options
		options func(*telegram.Options, *telegramtest.Server)
		want    []string
	}{
		"good": {telegramtest.Options{Token: token, Privacy: true}, nil, []string{"ok STANCEBOT_TELEGRAM_TOKEN is that of the bot @stancebot", "ok updates can be taken, 0 wait"}},
		"no inline mode": {telegramtest.Options{Token: token, NoInline: true, Privacy: true}, nil, []string{
			"ok STANCEBOT_TELEGRAM_TOKEN", "note inline mode is off", "ok updates",
		}},
		"wrong token": {telegramtest.Options{Token: "9:other"}, nil, []string{"fix STANCEBOT_TELEGRAM_TOKEN is refused"}},
		"unreachable": {
			telegramtest.Options{Token: token},
			func(o *telegram.Options, _ *telegramtest.Server) { o.APIURL = "http://127.0.0.1:1" },
			[]string{"fix Telegram does not answer"},
		},
		"not set up": {telegramtest.Options{}, func(o *telegram.Options, _ *telegramtest.Server) { o.Token = "" }, []string{"note Telegram is not set up"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(c.slack)
			t.Cleanup(s.Close)
			o := telegram.Options{Token: token, APIURL: s.URL()}
			if c.options != nil {
				c.options(&o, s)
			}
			found := telegram.Diagnose(t.Context(), o)
			var all []string
			for _, f := range found {
				all = append(all, f.State+" "+f.About+" "+f.Says)
			}
			if len(all) != len(c.want) {
				t.Fatalf("found %q, want %q", all, c.want)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(all[i], want) || strings.Contains(all[i], "SECRET") {
					t.Errorf("found %q, want %q", all[i], want)
				}
			}
		})
	}
}
