package slacktest

import (
	"encoding/json"
	"maps"
	"time"
)

// triggerLife is how long after a person's act the app may open a modal.
const triggerLife = 3 * time.Second

// A trigger is the ID that comes with a person's act.
type trigger struct {
	user string
	at   time.Time
	used bool
}

// newTrigger makes a trigger of a person's act, under that ID if there is one; s.mu is held.
func (s *Server) newTrigger(id, user string) string {
	if id == "" {
		id = s.newID("trigger.")
	}
	s.triggers[id] = &trigger{user: user, at: s.Options.Now()}
	return id
}

func (s *Server) viewsOpen(call Call) (object, error) {
	t := s.triggers[call.Args["trigger_id"]]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case s.Options.Now().Sub(t.at) > triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	v, err := s.view("modal", t.user, call.Args["view"])
	if err != nil {
		return nil, err
	}
	t.used = true
	s.world.modals = append(s.world.modals, v)
	return object{"view": s.viewJSON(v)}, nil
}

func (s *Server) viewsPublish(call Call) (object, error) {
	user := call.Args["user_id"]
	if u := s.world.user(user); u == nil || u.IsBot {
		return nil, refuse("user_not_found")
	}
	old := s.world.homes[user]
	if hash := call.Args["hash"]; hash != "" && (old == nil || hash != old.Hash) {
		return nil, refuse("hash_conflict")
	}
	v, err := s.view("home", user, call.Args["view"])
	if err != nil {
		return nil, err
	}
	if old != nil {
		v.ID = old.ID
	}
	s.world.homes[user] = v
	return object{"view": s.viewJSON(v)}, nil
}

// view reads a view of the kind, and refuses what Slack does.
func (s *Server) view(kind, user, raw string) (*View, error) {
	fields, ok := decode([]byte(raw)).(object)
	if !ok {
		return nil, refuse("invalid_arguments", "missing required field: view")
	}
	if problems := s.checkView(kind, fields); len(problems) > 0 {
		return nil, refuse("invalid_arguments", problems...)
	}
	blocks, err := json.Marshal(fields["blocks"])
	if err != nil {
		return nil, err
	}
	if mentionsAll((Content{Blocks: blocks}).shown()) {
		s.Complain("view of %s: mentions a whole channel or group", user)
	}
	return &View{ID: s.newID("V"), User: user, Hash: s.newTS() + ".h", Type: kind, JSON: json.RawMessage(raw)}, nil
}

// viewJSON is a view as Slack tells it.
func (s *Server) viewJSON(v *View) object {
	o := object{
		"private_metadata": "", "callback_id": "", "external_id": "", "title": object{"type": "plain_text", "text": "View Title", "emoji": true},
		"close": nil, "submit": nil, "clear_on_close": false, "notify_on_close": false, "previous_view_id": nil,
	}
	sent, _ := decode(v.JSON).(object)
	maps.Copy(o, sent)
	o["id"], o["team_id"], o["type"], o["hash"], o["root_view_id"] = v.ID, s.Options.TeamID, v.Type, v.Hash, v.ID
	o["app_id"], o["bot_id"], o["app_installed_team_id"] = s.Options.AppID, s.Options.BotID, s.Options.TeamID
	o["blocks"] = filled(v.ID, sent["blocks"])
	o["state"] = object{"values": object{}}
	return o
}
