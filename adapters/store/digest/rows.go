package digest

import (
	"encoding/json"

	"stancebot/bot/digest"
)

// The columns that are read. A channel that nobody set anything for has no row of settings.
const (
	subscriptionColumns = `s.id, s.desk, s.address, s.kind, s.about, s.schedule, s.language, s.made_by, s.name, s.began_at, s.cursor, s.next_at,
		s.paused_until, s.ended_at, s.why, s.version`
	settingsColumns = `coalesce(g.zone, ''), coalesce(g.quiet_from, 0), coalesce(g.quiet_till, 0), coalesce(g.empty, ''), coalesce(g.editors, 0)`
	deliveryColumns = `d.id, d.subscription, d.name, d.lane, d.after_seq, d.up_to, d.due, d.state, d.not_before, d.attempt, d.tried_at, d.parts,
		d.message, d.doubted, d.reason, d.done_at, d.letter`

	withSettings = " LEFT JOIN digest_settings g ON g.address = s.address "
)

// ended reports whether a delivery in a state came to an end. The indexes are of those that did or of those that did not.
func ended(s digest.State) bool { return s != digest.Waiting && s != digest.Trying }

// values returns a subscription as the table holds it, its version last.
func values(s *digest.Subscription) ([]any, error) {
	about, err := json.Marshal(s.About)
	if err != nil {
		return nil, err
	}
	schedule, err := json.Marshal(s.Schedule)
	if err != nil {
		return nil, err
	}
	return []any{
		plain(s.ID), plain(string(s.Desk)), plain(string(s.To)), string(s.Kind), string(about), string(schedule), plain(s.Language), plain(s.By), plain(s.Name),
		micros(s.Began), s.Cursor, micros(s.Next), micros(s.Paused), micros(s.Ended), plain(s.Why), s.Version,
	}, nil
}

// deliveryValues returns a delivery of a subscription as the table takes it among others that are added.
func deliveryValues(d *digest.Delivery, subscription, platform string) ([]any, error) {
	letter := ""
	if d.Letter != nil {
		text, err := json.Marshal(d.Letter)
		if err != nil {
			return nil, err
		}
		letter = string(text)
	}
	return []any{
		plain(d.ID), plain(subscription), plain(d.Name), plain(platform), plain(d.Lane), d.After, d.UpTo, micros(d.Due), d.State, micros(d.NotBefore), d.Attempt,
		micros(d.Tried), d.Parts, plain(d.Message), flag(d.Doubted), plain(d.Reason), micros(d.Done), flag(ended(d.State)), letter,
	}, nil
}

// A row is read column by column.
type row struct {
	cells []any
	then  []func() error
}

func (r *row) subscription(s *digest.Subscription) *row {
	var about, schedule []byte
	var began, next, paused, ended int64
	r.cells = append(r.cells, &s.ID, &s.Desk, &s.To, &s.Kind, &about, &schedule, &s.Language, &s.By, &s.Name, &began, &s.Cursor, &next, &paused, &ended,
		&s.Why, &s.Version)
	r.then = append(r.then, func() error {
		s.Began, s.Next, s.Paused, s.Ended = timeOf(began), timeOf(next), timeOf(paused), timeOf(ended)
		if err := json.Unmarshal(about, &s.About); err != nil {
			return err
		}
		return json.Unmarshal(schedule, &s.Schedule)
	})
	return r
}

func (r *row) settings(g *digest.Settings) *row {
	var editors int64
	r.cells = append(r.cells, &g.Zone, &g.QuietFrom, &g.QuietTill, &g.Empty, &editors)
	r.then = append(r.then, func() error {
		g.Editors = editors != 0
		return nil
	})
	return r
}

func (r *row) delivery(d *digest.Delivery) *row {
	var due, notBefore, tried, done, doubted int64
	var letter []byte
	r.cells = append(r.cells, &d.ID, &d.Subscription, &d.Name, &d.Lane, &d.After, &d.UpTo, &due, &d.State, &notBefore, &d.Attempt, &tried, &d.Parts,
		&d.Message, &doubted, &d.Reason, &done, &letter)
	r.then = append(r.then, func() error {
		d.Due, d.NotBefore, d.Tried, d.Done, d.Doubted = timeOf(due), timeOf(notBefore), timeOf(tried), timeOf(done), doubted != 0
		if len(letter) == 0 {
			return nil
		}
		d.Letter = new(digest.Letter)
		return json.Unmarshal(letter, d.Letter)
	})
	return r
}

func (r *row) scan(scan func(...any) error) error {
	if err := scan(r.cells...); err != nil {
		return err
	}
	for _, f := range r.then {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}
