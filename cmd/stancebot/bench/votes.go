package bench

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// columns are those of the UN Digital Library's file of votes.
var columns = []string{
	"undl_id", "ms_code", "ms_name", "ms_vote", "date", "session", "resolution", "draft", "committee_report", "meeting", "title", "agenda_title",
	"subjects", "total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms", "undl_link",
}

var letters = map[knowledge.Position]string{knowledge.Yes: "Y", knowledge.No: "N", knowledge.Abstain: "A"}

// WriteVotes writes a file as the UN Digital Library's, of so many rows at least, and returns how many it has: the votes of a roll call of
// all 193 members again and again, under symbols and on days that no text had.
func WriteVotes(w io.Writer, call *knowledge.RollCall, rows int) (int, error) {
	out := bufio.NewWriterSize(w, 1<<20)
	c := csv.NewWriter(out)
	if err := c.Write(columns); err != nil {
		return 0, err
	}
	written, year := 0, 2012
	for number := 1; written < rows; number++ {
		if number%900 == 0 && year < 2024 {
			year++
		}
		session := year - 1945
		symbol := fmt.Sprintf("A/RES/%d/%d", session, number)
		day := fmt.Sprintf("%d-12-15", year)
		for _, member := range places.Members() {
			vote := "X"
			for position, letter := range letters {
				if call.Has(position, member) {
					vote = letter
				}
			}
			if err := c.Write([]string{
				strconv.Itoa(3_000_000 + number), string(member), places.Name(member), vote, day, strconv.Itoa(session), symbol, "A/C.3/L.1", "A/1", "A/PV.50",
				"Situation of human rights and fundamental freedoms in a territory", "Human rights", "HUMAN RIGHTS--REPORTS", strconv.Itoa(call.Tally.Yes), strconv.Itoa(call.Tally.No),
				strconv.Itoa(call.Tally.Abstain), strconv.Itoa(call.Tally.Absent), "193", "https://digitallibrary.un.org/record/" + strconv.Itoa(3_000_000+number),
			}); err != nil {
				return written, err
			}
			written++
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return written, err
	}
	return written, out.Flush()
}
