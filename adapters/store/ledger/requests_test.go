package ledger_test

import (
	"errors"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/request"
	"stancebot/knowledge"
	chain "stancebot/knowledge/ledger"
)

// An entry is found with the request that recorded it, and by it; its bytes and the chain are the same with and without.
func TestEntriesNameTheirRequest(t *testing.T) {
	storetest.OnEach(t, ledger.New, func(t *testing.T, s *ledger.Store) {
		t.Helper()
		asked := request.With(t.Context(), "01KB7Q2M0ZJ4W8XD")
		if _, err := s.Append(asked, knowledge.DefaultDesk, adaptertest.Draft(0), adaptertest.Draft(1)); err != nil {
			t.Fatal(err)
		}
		byItself, err := s.Append(t.Context(), knowledge.DefaultDesk, adaptertest.Draft(2))
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.Of(t.Context(), "01KB7Q2M0ZJ4W8XD")
		if err != nil || len(found) != 2 || found[0].ID != 1 || found[1].ID != 2 {
			t.Errorf("the request recorded %v, %v", found, err)
		}
		e, err := s.Entry(t.Context(), knowledge.DefaultDesk, 2)
		if err != nil || e.Request != "01KB7Q2M0ZJ4W8XD" || e.Seq != 2 {
			t.Errorf("D-2 is %+v, %v", e, err)
		}
		e, err = s.Entry(t.Context(), knowledge.DefaultDesk, 3)
		if err != nil || e.Request != "" || e.Hash != byItself[0].Hash {
			t.Errorf("D-3 is %+v, %v", e, err)
		}
		if _, err := s.Entry(t.Context(), knowledge.DefaultDesk, 4); !errors.Is(err, ledger.ErrNoEntry) {
			t.Errorf("D-4 is there: %v", err)
		}
		if head, err := chain.Audit(t.Context(), s, knowledge.DefaultDesk); err != nil || head.Seq != 3 {
			t.Errorf("the chain ends at %v, %v", head, err)
		}
	})
}
