package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// Press uses a control of a message of the app's, as it is in m: the button with that action_id or value, or the option with
// that value of an overflow or select menu.
func (s *Server) Press(ctx context.Context, user string, m Message, control string) (Receipt, error) {
	s.mu.Lock()
	current := s.world.message(m.Channel, m.TS)
	channel := s.world.channel(m.Channel)
	blocks, _ := filled(m.TS, decode(m.Blocks)).([]any)
	action := pressed(blocks, control, s.newTS())
	unseen := m.EphemeralTo != "" && m.EphemeralTo != user
	if current == nil || action == nil || unseen || s.world.user(user) == nil {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("press %q of message %s by %s: %w", control, m.TS, user, errNoSuch)
	}
	trigger := s.newTrigger("", user)
	respond := s.newResponseURL(m.Channel, user, current)
	p := s.interaction("block_actions", user, trigger)
	container := object{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.EphemeralTo != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	p["container"], p["channel"] = container, object{"id": channel.ID, "name": channel.label()}
	if m.EphemeralTo == "" { // of an ephemeral, Slack keeps no copy to send
		p["message"] = s.messageJSON(current, false)
	}
	p["response_url"], p["actions"], p["state"] = respond, []object{action}, object{"values": chosen(blocks, action)}
	s.mu.Unlock()
	return s.interact(ctx, p, trigger, respond)
}

// PressHome uses a control of a person's Home tab.
func (s *Server) PressHome(ctx context.Context, user, control string) (Receipt, error) {
	s.mu.Lock()
	v := s.world.homes[user]
	if v == nil {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("press %q at the Home of %s: %w", control, user, errNoSuch)
	}
	view := s.viewJSON(v)
	blocks, _ := view["blocks"].([]any)
	action := pressed(blocks, control, s.newTS())
	if action == nil {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("press %q at the Home of %s: %w", control, user, errNoSuch)
	}
	trigger := s.newTrigger("", user)
	p := s.interaction("block_actions", user, trigger)
	view["state"] = object{"values": chosen(blocks, action)}
	p["container"], p["view"], p["actions"] = object{"type": "view", "view_id": v.ID}, view, []object{action}
	s.mu.Unlock()
	return s.interact(ctx, p, trigger, "")
}

// Shortcut uses a message shortcut on a message, whoever wrote it.
func (s *Server) Shortcut(ctx context.Context, user, callbackID string, m Message) (Receipt, error) {
	s.mu.Lock()
	current, channel := s.world.message(m.Channel, m.TS), s.world.channel(m.Channel)
	if current == nil || current.EphemeralTo != "" || s.world.user(user) == nil {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("shortcut on message %s by %s: %w", m.TS, user, errNoSuch)
	}
	trigger := s.newTrigger("", user)
	respond := s.newResponseURL(m.Channel, user, nil)
	p := s.interaction("message_action", user, trigger)
	p["callback_id"], p["response_url"], p["action_ts"], p["message_ts"] = callbackID, respond, s.newTS(), m.TS
	p["channel"], p["message"] = object{"id": channel.ID, "name": channel.label()}, s.messageJSON(current, false)
	s.mu.Unlock()
	return s.interact(ctx, p, trigger, respond)
}

// Submit submits a modal that the app opened, with the state of its inputs by block_id and action_id. What the app says to it
// is the receipt's Body.
func (s *Server) Submit(ctx context.Context, v View, values map[string]map[string]any) (Receipt, error) {
	s.mu.Lock()
	trigger := s.newTrigger("", v.User)
	p := s.interaction("view_submission", v.User, trigger)
	view := s.viewJSON(&v)
	view["state"] = object{"values": values}
	p["view"], p["response_urls"] = view, []any{}
	s.mu.Unlock()
	return s.interact(ctx, p, trigger, "")
}

// Fill is the state of a modal's text inputs when a person typed so into them, in their order.
func (v View) Fill(answers ...string) map[string]map[string]any {
	var body struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	_ = json.Unmarshal(v.JSON, &body) // it was read when it was opened
	values := map[string]map[string]any{}
	for _, b := range elements(body.Blocks) {
		block, _ := b.(object)
		input, _ := block["element"].(object)
		if block["type"] != "input" || len(values) == len(answers) {
			continue
		}
		values[str(block["block_id"])] = map[string]any{str(input["action_id"]): object{"type": input["type"], "value": answers[len(values)]}}
	}
	return values
}

// interact delivers an interaction.
func (s *Server) interact(ctx context.Context, payload object, trigger, respond string) (Receipt, error) {
	d, err := encoded(kindInteractive, payload)
	if err != nil {
		return Receipt{}, err
	}
	receipt, r := s.deliverOnce(ctx, d)
	receipt.ResponseURL, receipt.TriggerID = respond, trigger
	body := strings.TrimSpace(string(r.body))
	if r.acked && payload["type"] != "view_submission" && body != "" && body != "{}" && body != "null" {
		s.Complain("%s: acknowledged with %.60q, which Slack ignores: messages go to the response URL", payload["type"], body)
	}
	return receipt, nil
}

// pressed is what Slack tells of the control that was used; nil if there is none such.
func pressed(blocks []any, control, ts string) object {
	for _, b := range blocks {
		block, _ := b.(object)
		for _, e := range controls(block) {
			action := object{"type": e["type"], "action_id": e["action_id"], "block_id": block["block_id"], "action_ts": ts}
			if options := optionsOf(e); len(options) > 0 {
				if choose(action, options, control) {
					return action
				}
				continue
			}
			if e["action_id"] != control && e["value"] != control {
				continue
			}
			for _, key := range []string{"text", "value", "style", "url"} {
				if e[key] != nil {
					action[key] = e[key]
				}
			}
			return action
		}
	}
	return nil
}

func optionsOf(e object) []object {
	var found []object
	lists := []any{e["options"]}
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(object)
		lists = append(lists, group["options"])
	}
	for _, l := range lists {
		options, _ := l.([]any)
		for _, o := range options {
			if option, ok := o.(object); ok {
				found = append(found, option)
			}
		}
	}
	return found
}

// choose adds the option of that value to an action, and says whether there is one.
func choose(action object, options []object, value string) bool {
	for _, o := range options {
		if o["value"] != value {
			continue
		}
		kind, _ := action["type"].(string)
		if strings.HasPrefix(kind, "multi_") || kind == "checkboxes" {
			action["selected_options"] = []object{o}
		} else {
			action["selected_option"] = o
		}
		return true
	}
	return false
}

// chosen is the state of a message's or view's menus after an action.
func chosen(blocks []any, action object) object {
	values := object{}
	for _, b := range blocks {
		block, _ := b.(object)
		state := object{}
		for _, e := range controls(block) {
			if kind, _ := e["type"].(string); kind == "overflow" || len(optionsOf(e)) == 0 {
				continue
			}
			id, _ := e["action_id"].(string)
			state[id] = object{"type": e["type"], "selected_option": e["initial_option"]}
			if action["action_id"] == id && action["block_id"] == block["block_id"] {
				state[id] = object{"type": e["type"], "selected_option": action["selected_option"]}
			}
		}
		if id, _ := block["block_id"].(string); len(state) > 0 {
			values[id] = state
		}
	}
	return values
}

// Control is one thing that a person could use in blocks.
type Control struct {
	Type     string
	ActionID string
	Label    string
	Value    string
}

// Controls lists the buttons and options of a message, in order.
func (c Content) Controls() []Control { return controlsIn(c.Blocks) }

// Controls lists the buttons and options of a view, in order.
func (v View) Controls() []Control {
	var body struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal(v.JSON, &body) != nil {
		return nil
	}
	return controlsIn(body.Blocks)
}

func controlsIn(raw json.RawMessage) []Control {
	var found []Control
	for _, b := range elements(raw) {
		block, _ := b.(object)
		for _, e := range controls(block) {
			options := optionsOf(e)
			if len(options) == 0 && e["type"] == "button" {
				options = []object{e}
			}
			for _, o := range options {
				text, _ := o["text"].(object)
				found = append(found, Control{Type: str(e["type"]), ActionID: str(e["action_id"]), Label: str(text["text"]), Value: str(o["value"])})
			}
		}
	}
	return found
}

func str(v any) string {
	s, _ := v.(string)
	return s
}
