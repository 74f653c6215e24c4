package telegramtest_test

import (
	"fmt"
	"strings"
	"testing"

	"stancebot/adapters/telegram/telegramtest"
)

// What is expected here is what Telegram's own library, TDLib 1.8.67, makes of the same texts.
func TestParseHTML(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a < b":                               `! Unsupported start tag "" at byte offset 2`,
		"<br>":                                `! Unsupported start tag "br" at byte offset 0`,
		"<b><i>x</b></i>":                     `! Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`,
		"<b>x":                                `! Can't find end tag corresponding to start tag "b"`,
		"</b>":                                `! Unexpected end tag at byte offset 0`,
		"<b>x</":                              `! Unclosed end tag at byte offset 4`,
		"<b":                                  `! Unclosed start tag at byte offset 0`,
		"<b ":                                 `! Empty attribute name in the tag "b" at byte offset 0`,
		"<b x":                                `! Unclosed start tag "b" at byte offset 0`,
		"<b x=y_>q</b>":                       `! Unexpected end of name token at byte offset 5`,
		"<span>x</span>":                      `! Tag "span" must have class "tg-spoiler" at byte offset 0`,
		"&#xD800;":                            `! Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units`,
		`<tg-emoji emoji-id="q">👍</tg-emoji>`: `! Invalid custom emoji identifier specified`,
		`<tg-time unix="1700000000" format="q">22</tg-time>`:          `! Invalid date format used`,
		`<tg-time unix="1700000000" format="wDT">22:45</tg-time>`:     `22:45 date_time 0+5`,
		"&lt;&gt;&amp;&quot;&nbsp;&apos;&#34;&#39;&#x41;&lt b":        `<>&"&nbsp;&apos;"'A< b`,
		"<i>👍x</i><b>y</b>":                                           `👍xy italic 0+3 bold 3+1`,
		"<b>a<i>b</i></b>":                                            `ab bold 0+2 italic 1+1`,
		`<a href="javascript:alert(1)">x</a>`:                         `x dropped javascript:alert(1)`,
		`<a href="ftp://a.b/c">x</a>`:                                 `x dropped ftp://a.b/c`,
		`<a href="http://localhost/x">x</a>`:                          `x dropped http://localhost/x`,
		`<a href="mailto:a@b.c">x</a>`:                                `x text_link 0+1 http://mailto:a@b.c/`,
		`<a href="https://EXAMPLE.org">x</a>`:                         `x text_link 0+1 https://example.org/`,
		`<a href="http://e.org/&quot;&amp;x">x</a>`:                   `x text_link 0+1 http://e.org/"&x`,
		`<a href="tg://user?id=123">x</a>`:                            `x text_mention 0+1 123`,
		`<pre><code class="language-go">x</code></pre>`:               `x pre 0+1 go`,
		`<code class="language-go">x</code>`:                          `x code 0+1`,
		"<blockquote expandable>q</blockquote>":                       `q expandable_blockquote 0+1`,
		"<blockquote>a<blockquote>b</blockquote>c</blockquote>":       `abc blockquote 0+3 blockquote 1+1`,
		`<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>`: `xy spoiler 0+1 spoiler 1+1`,
	} {
		text, entities, dropped, err := telegramtest.ParseHTML(in)
		got := text
		if err != nil {
			got = "! " + strings.TrimPrefix(err.Error(), "can't parse entities: ")
		}
		for _, e := range entities {
			got += fmt.Sprintf(" %s %d+%d", e.Type, e.Offset, e.Length)
			if e.User != nil {
				got += fmt.Sprint(" ", e.User.ID)
			}
			got = strings.TrimRight(got+" "+e.URL+e.Language, " ")
		}
		for _, d := range dropped {
			got += " dropped " + d
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// Telegram must not be able to crash on what a bot writes, and neither must its fake.
func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{"<b>x</b>", "<a href=\"http://e.org\">x</a>", "&#x41;&lt", "<", "</", "<b x='", "👍<i>é</i>", "<b\x00>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, entities, _, err := telegramtest.ParseHTML(s)
		if err != nil {
			return
		}
		for _, e := range entities {
			if e.Of(text) == "" {
				t.Errorf("%q gives %q with %+v", s, text, e)
			}
		}
	})
}
