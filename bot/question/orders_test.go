package question_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"stancebot/knowledge"
)

// showOrder writes an order as show does a query: what is to be done, then what else was said.
func showOrder(w *knowledge.Order) string {
	parts := []string{string(w.Do)}
	add := func(set bool, format string, value any) {
		if set {
			parts = append(parts, fmt.Sprintf(format, value))
		}
	}
	days := make([]string, len(w.Days))
	for i, d := range w.Days {
		days[i] = strings.ToLower(d.String()[:3])
	}
	add(w.Every != "", "%s", w.Every)
	add(len(days) > 0, "%s", strings.Join(days, "+"))
	add(w.Day != 0, "day=%d", w.Day)
	add(w.From != 0, "from=%s", w.From)
	add(w.At != 0, "%s", w.At)
	add(w.Until != 0, "until=%s", w.Until)
	add(w.For != 0, "for=%s", w.For)
	add(w.Zone != "", "zone=%s", w.Zone)
	add(w.Switch, "%s", "on")
	add(w.N != 0, "#%d", w.N)
	add(w.Unfit, "%s", "unfit")
	return strings.Join(parts, " ")
}

// What reporters type in each language, from a file that was written before the words of the lexicons were.
func TestOrdersAsTheyAreTyped(t *testing.T) {
	text, err := os.ReadFile("testdata/orders.txt")
	if err != nil {
		t.Fatal(err)
	}
	var table []reading
	for line := range strings.Lines(string(text)) {
		asked, want, ok := strings.Cut(strings.TrimSpace(line), " | ")
		if ok && !strings.HasPrefix(line, "#") {
			table = append(table, reading{asked, want})
		}
	}
	if len(table) < 6*15 {
		t.Fatalf("%d phrasings in the file", len(table))
	}
	check(t, table)
}

// The short forms, and English as it is typed: rhythms, days, hours.
func TestOrdersInEnglish(t *testing.T) {
	check(t, []reading{
		{"digest weekly mon 09:00 southern cone", "digest group=southern_cone [subscribe weekly mon 09:00]"},
		{"digest daily 07:30 brazil argentina", "digest BRA+ARG [subscribe daily 07:30]"},
		{"digest monthly", "digest [subscribe monthly]"},
		{"digest monthly 1 08:00", "digest [subscribe monthly day=1 08:00]"},
		{"digest monthly on the 15th", "digest [subscribe monthly day=15]"},
		{"digest on the first of every month at 8", "digest [subscribe monthly day=1 08:00]"},
		{"digest monthly 32", "digest [subscribe monthly unfit]"},
		{"digest weekdays 8am", "digest [subscribe weekly mon+tue+wed+thu+fri 08:00]"},
		{"digest mon-fri 8:15pm", "digest [subscribe weekly mon+tue+wed+thu+fri 20:15]"},
		{"digest weekly mondays and thursdays at 9", "digest [subscribe weekly mon+thu 09:00]"},
		{"digest at 9.30", "digest [subscribe 09:30]"},
		{"digest daily 0930", "digest [subscribe daily 09:30]"},
		{"digest daily 1830", "digest [subscribe daily 18:30]"},
		{"digest daily 12am", "digest [subscribe daily 00:00]"},
		{"digest daily noon", "digest [subscribe daily 12:00]"},
		{"digest daily at half past nine", "digest [subscribe daily 09:30]"},
		{"digest daily 25:00", "digest [subscribe daily unfit]"},
		{"digest daily 9:75", "digest [subscribe daily unfit]"},
		{"digest daily 9:00 and 18:00", "digest [subscribe daily unfit]"},
		{"digest every other monday", "digest [subscribe weekly mon unfit]"},
		{"digest argentina", "digest ARG [subscribe]"},
		{"digest", "digest [list]"},
		{"digests", "digest [list]"},
		{"digest help", "digest [list]"},
		{"digest list", "digest [list]"},
		{"digest everything", "digest [subscribe]"},
		{"weekly digest please", "digest [subscribe weekly]"},
		{"weekly digest", "digest [subscribe weekly]"},
		{"send us a digest of the andean countries every monday at nine", "digest group=andean [subscribe weekly mon 09:00]"},
		{"digest preview", "digest [preview]"},
		{"digest preview brazil", "digest BRA [preview]"},
		{"digest now", "digest [now]"},
		{"digest pause", "digest [pause]"},
		{"digest pause until monday", "digest [pause until=2026-11-30]"},
		{"digest pause until monday 9:00", "digest [pause 09:00 until=2026-11-30]"},
		{"digest pause until monday at 9", "digest [pause 09:00 until=2026-11-30]"},
		{"digest pause until tomorrow noon", "digest [pause 12:00 until=2026-11-24]"},
		{"digest pause until 3 december", "digest [pause until=2026-12-03]"},
		{"digest pause until 3 december 09:00", "digest [pause 09:00 until=2026-12-03]"},
		{"digest pause until december 3rd", "digest [pause until=2026-12-03]"},
		{"digest pause until 3 march", "digest [pause until=2027-03-03]"},
		{"digest pause until 3 march 2028", "digest [pause until=2028-03-03]"},
		{"digest pause until 2026-12-07", "digest [pause until=2026-12-07]"},
		{"digest pause until 2026-12-07 10:00", "digest [pause 10:00 until=2026-12-07]"},
		{"digest pause until the 15th", "digest [pause until=2026-12-15]"},
		{"digest pause until 30 february", "digest [pause unfit]"},
		{"digest pause until 2026-02-30", "digest [pause unfit]"},
		{"digest pause until 3/4", "digest [pause unfit]"},
		{"digest pause until whenever", "digest [pause unfit]"},
		{"digest pause 2h", "digest [pause for=2h0m0s]"},
		{"digest pause for 3 days", "digest [pause for=72h0m0s]"},
		{"digest pause for a week", "digest [pause for=168h0m0s]"},
		{"digest pause 90 min", "digest [pause for=1h30m0s]"},
		{"digest pause 0h", "digest [pause unfit]"},
		{"digest pause 99999999 weeks", "digest [pause unfit]"},
		{"digest pause 2", "digest [pause #2]"},
		{"digest resume", "digest [resume]"},
		{"digest stop", "digest [stop]"},
		{"digest stop 2", "digest [stop #2]"},
		{"digest undo", "digest [undo]"},
		{"stop the digest until monday", "digest [pause until=2026-11-30]"},
	})
}

// Zones, and what is set for a channel.
func TestOrdersOfSettings(t *testing.T) {
	check(t, []reading{
		{"digest zone America/Santiago", "digest [zone zone=America/Santiago]"},
		{"digest timezone santiago", "digest [zone zone=America/Santiago]"},
		{"digest zone america/argentina/buenos_aires", "digest [zone zone=America/Argentina/Buenos_Aires]"},
		{"digest zone Brasília", "digest [zone zone=America/Sao_Paulo]"},
		{"digest zone new york", "digest [zone zone=America/New_York]"},
		{"digest zone utc", "digest [zone zone=UTC]"},
		{"set the digest time zone to Bogotá", "digest [zone zone=America/Bogota]"},
		{"digest zone peru", "digest [zone zone=America/Lima]"},
		{"digest zone utc-3", "digest [zone unfit]"},
		{"digest zone brazil", "digest [zone unfit]"},
		{"digest zone narnia/santiago", "digest [zone unfit]"},
		{"digest zone 25:00", "digest [zone unfit]"},
		{"digest zone", "digest [list]"},
		{"digest daily 9:00 time zone lima", "digest [subscribe daily 09:00 zone=America/Lima]"},
		{"digest quiet 22:00-07:00", "digest [quiet from=22:00 07:00]"},
		{"digest quiet 22 to 7", "digest [quiet from=22:00 07:00]"},
		{"digest quiet 10pm until 7am", "digest [quiet from=22:00 07:00]"},
		{"digest quiet off", "digest [quiet]"},
		{"digest quiet", "digest [list]"},
		{"digest quiet 22:00", "digest [quiet unfit]"},
		{"digest quiet 22 to 25", "digest [quiet unfit]"},
		{"digest empty on", "digest [empty on]"},
		{"digest empty off", "digest [empty]"},
		{"digest editors on", "digest [editors on]"},
		{"digest editors off", "digest [editors]"},
		{"digest editors", "digest [list]"},
	})
}

func TestOrdersOfWatches(t *testing.T) {
	check(t, []reading{
		{"watch argentina", "watch ARG [subscribe]"},
		{"watch argentina in this channel", "watch ARG [subscribe]"},
		{"watch ARG", "watch ARG [subscribe]"},
		{"watch andean", "watch group=andean [subscribe]"},
		{"watch everything", "watch [subscribe]"},
		{"watch", "watch [list]"},
		{"watches", "watch [list]"},
		{"watch list", "watch [list]"},
		{"unwatch argentina", "watch ARG [stop]"},
		{"unwatch", "watch [stop]"},
		{"stop watching brazil", "watch BRA [stop]"},
		{"watch pause until monday", "watch [pause until=2026-11-30]"},
		{"mute alerts for 2h", "watch [pause for=2h0m0s]"},
		{"unmute", "watch [resume]"},
		{"watch chile peru bolivia ecuador colombia venezuela and caricom", "watch CHL+PER+BOL+ECU+COL+VEN group=caricom [subscribe]"},
		{"watch taiwan", "watch place=TWN [subscribe]"},
		{"watch argentina and taiwan", "watch ARG place=TWN [subscribe]"},
		{"watch narnia", `watch [subscribe] -> not_a_country "Narnia"`},
		{"watch congo", "watch [subscribe] -> ambiguous COD|COG?"},
		{"let me know if narnia flips", `watch [subscribe] -> not_a_country "Narnia"`},
		{"let me know if anything changes", "watch [subscribe]"},
		{"send us alerts", "watch [subscribe] -> refused (names_nothing)"},
		{"alert us every monday about peru", "digest PER [subscribe weekly mon]"},
	})
}

// Hours and days as each language writes them.
func TestOrdersInOtherLanguages(t *testing.T) {
	check(t, []reading{
		{"boletín cada lunes a las 9", "digest [subscribe weekly mon 09:00]"},
		{"boletín diario a las nueve y media", "digest [subscribe daily 09:30]"},
		{"boletín diario 9h30", "digest [subscribe daily 09:30]"},
		{"boletín diario a las 9 de la noche", "digest [subscribe daily 21:00]"},
		{"boletín diario a las 25h", "digest [subscribe daily unfit]"},
		{"boletín el 15 de cada mes", "digest [subscribe monthly day=15]"},
		{"pausa el boletín hasta el 15", "digest [pause until=2026-12-15]"},
		{"pausa el boletín hasta el 30 de febrero", "digest [pause unfit]"},
		{"pausa el boletín hasta el 7/12", "digest [pause until=2026-12-07]"},
		{"boletín dom 9h", "digest [subscribe weekly sun 09:00]"},
		{"vigila DOM", "watch DOM [subscribe]"},
		{"digest tous les lundis à 9h", "digest [subscribe weekly mon 09:00]"},
		{"bulletin quotidien à midi", "digest [subscribe daily 12:00]"},
		{"bulletin quotidien à neuf heures et demie", "digest [subscribe daily 09:30]"},
		{"bulletin quotidien à 8 heures du soir", "digest [subscribe daily 20:00]"},
		{"préviens-moi si le Brésil change de camp", "watch BRA [subscribe]"},
		{"suspends le bulletin jusqu'au 15", "digest [pause until=2026-12-15]"},
		{"quero ter um resumo semanal", "digest [subscribe weekly]"},
		{"boletim toda segunda às 9h", "digest [subscribe weekly mon 09:00]"},
		{"boletim às segundas", "digest [subscribe weekly mon]"},
		{"boletim todo dia 15", "digest [subscribe monthly day=15]"},
		{"boletim diário às nove e meia da noite", "digest [subscribe daily 21:30]"},
		{"pausa o boletim até 7 de dezembro", "digest [pause until=2026-12-07]"},
		{"дайджест в 9:30", "digest [subscribe 09:30]"},
		{"дайджест ежедневно 9 утра", "digest [subscribe daily 09:00]"},
		{"дайджест ежедневно в 3 часа дня", "digest [subscribe daily 15:00]"},
		{"дайджест ежедневно в 12 ночи", "digest [subscribe daily 00:00]"},
		{"дайджест 15-го числа", "digest [subscribe monthly day=15]"},
		{"дайджест пауза 2ч", "digest [pause for=2h0m0s]"},
		{"дайджест пауза до 7.12", "digest [pause until=2026-12-07]"},
		{"摘要 每天 上午9点", "digest [subscribe daily 09:00]"},
		{"摘要 每天 晚上10点半", "digest [subscribe daily 22:30]"},
		{"摘要 每天 ９：３０", "digest [subscribe daily 09:30]"},
		{"摘要 每天 中午12点", "digest [subscribe daily 12:00]"},
		{"摘要 每天 25点", "digest [subscribe daily unfit]"},
		{"摘要 每月15日", "digest [subscribe monthly day=15]"},
		{"摘要 暂停 到 2026年12月7日", "digest [pause until=2026-12-07]"},
		{"摘要 暂停 两天", "digest [pause for=48h0m0s]"},
		{"取消关注 秘鲁", "watch PER [stop]"},
		{"关注列表", "watch [list]"},
	})
}

// Orders belong to digests and watches alone.
func TestOtherQuestionsCarryNoOrder(t *testing.T) {
	r := newReader(t)
	for _, text := range []string{
		"stance peru", "why did argentina shift at 9:30?", "list the members of alba", "", "good morning, until monday", "zone", "stop",
	} {
		if q := r.Read(text, today).Query; q.Order != nil {
			t.Errorf("%q is %s with an order", text, q.Intent)
		}
	}
}

// What an order cannot hold is asked about or refused, not left out.
func TestOrdersLeaveNothingOut(t *testing.T) {
	check(t, []reading{
		{"watch argentina bolivia and the caribbean and alba", "watch ARG+BOL group=caribbean [subscribe] -> ambiguous caribbean|alba?"},
		{"watch argentina, congo and chile", "watch ARG+CHL [subscribe] -> ambiguous COD|COG?"},
		{"start a weekly digest on 1 december", "digest [subscribe weekly unfit]"},
		{"digest daily at 9 until 15 december", "digest [subscribe daily 09:00 until=2026-12-15 unfit]"},
		{"digest monday to thursday 9:00", "digest [subscribe weekly mon+tue+wed+thu 09:00]"},
		{"digest daily at nine thirty", "digest [subscribe daily 09:30]"},
		{"stop digest 2", "digest [stop #2]"},
		{"daily digest 8", "digest [subscribe daily 08:00]"},
		{"digest pause 1 hour 30 minutes", "digest [pause for=1h30m0s]"},
		{"digest pleaseee", `digest [subscribe] -> not_a_country "pleaseee"`},
		{"remind us every friday about cuba", "digest CUB [subscribe weekly fri]"},
		{"bulletin zone America/Bogota", "digest [zone zone=America/Bogota]"},
		{"订阅每日摘要", "digest [subscribe daily]"},
		{"watch all", "watch [subscribe]"},
		{"digest off", "digest [stop]"},
		{"digest pause until 1830", "digest [pause 18:30]"},
		{"watch them", "watch [subscribe] -> refused (names_nothing)"},
		{"boletín de lunes a jueves a las 9", "digest [subscribe weekly mon+tue+wed+thu 09:00]"},
		{"digest du mardi au jeudi à 8h", "digest [subscribe weekly tue+wed+thu 08:00]"},
		{"boletim de terça a quinta", "digest [subscribe weekly tue+wed+thu]"},
		{"дайджест со вторника по четверг в 9", "digest [subscribe weekly tue+wed+thu 09:00]"},
		{"摘要 周二到周四 9点", "digest [subscribe weekly tue+wed+thu 09:00]"},
	})
}
