package knowledge

import (
	"fmt"
	"time"
)

// A Doing is what is asked of the digests and watches of a channel.
type Doing string

// What can be asked of them.
const (
	DoSubscribe Doing = "subscribe" // digest weekly mon 09:00 southern cone, watch argentina
	DoList      Doing = "list"      // digest list, watches
	DoPreview   Doing = "preview"   // what the next one would say, for the asker alone
	DoNow       Doing = "now"       // the same for the channel; the next one still comes
	DoPause     Doing = "pause"     // digest pause until monday, digest pause 2h
	DoResume    Doing = "resume"
	DoStop      Doing = "stop" // digest stop, unwatch argentina
	DoUndo      Doing = "undo" // of the last stop
	DoZone      Doing = "zone" // digest zone America/Santiago
	DoQuiet     Doing = "quiet"
	DoEmpty     Doing = "empty"   // whether a digest comes that has nothing to tell
	DoEditors   Doing = "editors" // whether editors alone may change what a channel gets
)

// A Rhythm is how often a digest comes.
type Rhythm string

// The rhythms.
const (
	Daily   Rhythm = "daily"
	Weekly  Rhythm = "weekly"
	Monthly Rhythm = "monthly"
)

// A Clock is a time of the day, to the minute. The zero Clock is none.
type Clock int // minutes after midnight, and one

// ClockAt returns the time of the day. One that no clock shows is none.
func ClockAt(hour, minute int) Clock {
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0
	}
	return Clock(hour*60 + minute + 1)
}

// Minutes are those after midnight, and whether there is a time.
func (c Clock) Minutes() (int, bool) { return int(c) - 1, c > 0 }

// String returns the time as 09:30, and "" for none.
func (c Clock) String() string {
	m, ok := c.Minutes()
	if !ok {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", m/60, m%60)
}

// An Order is what is asked of the digests and watches of a channel. What they are about stands in the Query beside it. What
// is not said is zero.
type Order struct {
	Do     Doing
	Unfit  bool           // a time, a day or a zone was named that there is not, such as 25:00
	Every  Rhythm         // of a digest
	Days   []time.Weekday // of a weekly digest, each once, from Sunday: "weekdays" are five
	Day    int            // of the month, of a monthly digest: from 1 to 31, in shorter months their last
	At     Clock
	Until  Day           // of a pause: the day on which it ends, at At or at the hour of the digest; with At alone, when it is next that hour
	For    time.Duration // of a pause, likewise
	Zone   string        // as the IANA names it: America/Santiago
	From   Clock         // of quiet hours, which end at At; none switches them off
	Switch bool          // of DoEmpty and DoEditors: on
	N      int           // which one of the list is meant, from 1
}
