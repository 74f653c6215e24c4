package feedback_test

import (
	"os"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storedfeedback "stancebot/adapters/store/feedback"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/feedback"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestFeedback(t *testing.T) {
	storetest.OnEach(t, func(db *store.DB) feedback.Store { return storedfeedback.New(db) }, adaptertest.Feedback)
}
