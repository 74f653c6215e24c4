package told

import (
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/told"
)

// SQLite knows nothing of how many rows there are: it has to find its way by the tables and the text alone.
func TestPlansOfSQLite(t *testing.T) {
	db := storetest.Open(t, storetest.NewFile(t))
	listed := func(f told.Filter) string {
		query, _ := listing("main", f, 10)
		return query
	}
	for query, want := range map[string][]string{
		about: {
			"SEARCH t USING PRIMARY KEY (id>?)", "SEARCH told_receipts USING PRIMARY KEY (desk=? AND receipt=?)",
			"SEARCH r USING INDEX sqlite_autoindex_told_replies_1 (desk=? AND hash=?)",
		},
		ofCountry: {
			"SEARCH t USING PRIMARY KEY (id>? AND id<?)", "SEARCH told_countries USING PRIMARY KEY (desk=? AND country=?)",
			"SEARCH r USING INDEX sqlite_autoindex_told_replies_1 (desk=? AND hash=?)",
		},
		listed(told.Filter{}): {"SEARCH t USING PRIMARY KEY (id>?)", "SEARCH r USING INDEX sqlite_autoindex_told_replies_1 (desk=? AND hash=?)"},
		listed(told.Filter{Country: "BOL", Receipt: "D-1", Before: time.Unix(1, 0)}): {
			"SEARCH t USING PRIMARY KEY (id>? AND id<?)", "SEARCH told_countries USING PRIMARY KEY (desk=? AND country=?)",
			"SEARCH told_receipts USING PRIMARY KEY (desk=? AND receipt=?)", "SEARCH r USING INDEX sqlite_autoindex_told_replies_1 (desk=? AND hash=?)",
		},
		old.tellings: {"SEARCH told USING PRIMARY KEY (id=?)", "SEARCH told USING PRIMARY KEY (id<?)"},
		old.replies: {
			"SEARCH told_replies USING COVERING INDEX sqlite_autoindex_told_replies_1 (desk=? AND hash=?)",
			"SEARCH told_replies USING INDEX told_replies_until (until<?)",
		},
		forgotten.tellings: {"SEARCH told USING PRIMARY KEY (id=?)", "SCAN told"},
		forgotten.replies: {
			"SEARCH told_replies USING COVERING INDEX sqlite_autoindex_told_replies_1 (desk=? AND hash=?)",
			"SEARCH told_replies USING COVERING INDEX sqlite_autoindex_told_replies_1 (desk=?)", "SCAN told",
		},
		raise: {"SEARCH told_replies USING INDEX sqlite_autoindex_told_replies_1 (desk=? AND hash=?)"},
	} {
		plan := planOf(t, db, query)
		for _, step := range want {
			if !strings.Contains(plan, step+"\n") {
				t.Errorf("%s:\n%swant %s", query, plan, step)
			}
		}
		if strings.Contains(plan, "TEMP B-TREE") && strings.Contains(query, "LIMIT $") {
			t.Errorf("%s is sorted:\n%s", query, plan)
		}
	}
}

// planOf returns the steps by which SQLite would run a query, a line each.
func planOf(t *testing.T, db *store.DB, query string) string {
	t.Helper()
	rows, err := db.SQL().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, slices.Repeat([]any{""}, max(4, strings.Count(query, "$")))...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(step + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
