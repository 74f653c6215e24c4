package slacktest

import "maps"

// The shapes of Block Kit: what each object may hold, and how much of it.

// surfaces are where each block may stand: in messages (""), Home tabs and modals.
var surfaces = map[string][]string{
	"section":         {"", "home", "modal"},
	"header":          {"", "home", "modal"},
	"divider":         {"", "home", "modal"},
	"context":         {"", "home", "modal"},
	"actions":         {"", "home", "modal"},
	"image":           {"", "home", "modal"},
	"rich_text":       {"", "home", "modal"},
	"video":           {"", "home", "modal"},
	"input":           {"", "home", "modal"},
	"table":           {""},
	"markdown":        {""},
	"file":            {""},
	"context_actions": {""},
}

var blockShapes = map[string]shape{
	"section": {also: contents, may: with(common, map[string]rule{
		"text": marked(3000), "fields": list(1, 10, marked(2000)), "accessory": element(accessories), "expand": boolean,
	})},
	"header":  {need: []string{"text"}, may: with(common, map[string]rule{"text": plain(150), "level": number(1, 4)})},
	"divider": {may: common},
	"context": {need: []string{"elements"}, may: with(common, map[string]rule{"elements": list(1, 10, contextual)})},
	"actions": {need: []string{"elements"}, may: with(common, map[string]rule{"elements": list(1, 25, element(interactive))})},
	"image": {need: []string{"alt_text"}, also: picture, may: with(common, map[string]rule{
		"alt_text": chars(1, 2000), "image_url": chars(1, 3000), "slack_file": pass, "title": plain(2000),
	})},
	"input": {need: []string{"label", "element"}, may: with(common, map[string]rule{
		"label": plain(2000), "hint": plain(2000), "element": element(inputs), "optional": boolean, "dispatch_action": boolean,
	})},
	"table": {need: []string{"rows"}, may: with(common, map[string]rule{
		"rows": list(1, 100, list(1, 20, pass)), "column_settings": list(0, 20, pass),
	})},
	"markdown":        {need: []string{"text"}, may: with(common, map[string]rule{"text": chars(1, 12_000)})},
	"rich_text":       {need: []string{"elements"}, may: common, open: true},
	"video":           {need: []string{"title", "video_url", "thumbnail_url", "alt_text"}, may: common, open: true},
	"file":            {need: []string{"external_id", "source"}, may: common, open: true},
	"context_actions": {need: []string{"elements"}, may: common, open: true},
}

// common is what every block may have.
var common = map[string]rule{"block_id": chars(1, 255)}

var (
	menus = []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
	interactive = append([]string{
		"button", "overflow", "datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons", "workflow_button",
	}, menus...)
	accessories = append([]string{"image"}, interactive...)
	inputs      = append([]string{"plain_text_input", "number_input", "email_text_input", "url_text_input"}, interactive...)
)

// elementShapes is a function because elements hold elements' parts, and Go initialises no cycles.
func elementShapes() map[string]shape {
	id := map[string]rule{"action_id": chars(1, 255), "confirm": of(confirmShape), "focus_on_load": boolean}
	menu := with(id, map[string]rule{
		"options": list(1, 100, of(optionShape)), "option_groups": list(1, 100, pass), "placeholder": plain(150),
		"initial_option": of(optionShape), "initial_options": list(1, 100, of(optionShape)), "max_selected_items": number(1, 100),
	})
	few := with(id, map[string]rule{
		"options": list(1, 10, of(optionShape)), "initial_option": of(optionShape), "initial_options": list(1, 10, of(optionShape)),
	})
	shapes := map[string]shape{
		"button": {need: []string{"text"}, may: with(id, map[string]rule{
			"text": plain(75), "value": chars(0, 2000), "url": chars(1, 3000), "style": oneOf("primary", "danger"),
			"accessibility_label": chars(1, 75),
		})},
		"overflow":            {need: []string{"options"}, may: with(id, map[string]rule{"options": list(1, 5, of(optionShape))})},
		"static_select":       {also: choices, may: menu},
		"multi_static_select": {also: choices, may: menu},
		"checkboxes":          {need: []string{"options"}, may: few},
		"plain_text_input": {may: with(id, map[string]rule{
			"placeholder": plain(150), "initial_value": chars(0, 3000), "multiline": boolean, "min_length": number(0, 3000),
			"max_length": number(1, 3000), "dispatch_action_config": pass,
		})},
		"radio_buttons": {need: []string{"options"}, may: few},
		"image": {need: []string{"alt_text"}, also: picture, may: map[string]rule{
			"alt_text": chars(1, 2000), "image_url": chars(1, 3000), "slack_file": pass,
		}},
	}
	for _, kind := range inputs {
		if _, ok := shapes[kind]; !ok {
			shapes[kind] = shape{may: id, open: true}
		}
	}
	return shapes
}

func optionShape() shape {
	return shape{need: []string{"text", "value"}, may: map[string]rule{
		"text": marked(75), "value": chars(1, 150), "description": marked(75), "url": chars(1, 3000),
	}}
}

func confirmShape() shape {
	return shape{need: []string{"title", "text", "confirm", "deny"}, may: map[string]rule{
		"title": plain(100), "text": marked(300), "confirm": plain(30), "deny": plain(30), "style": oneOf("primary", "danger"),
	}}
}

var viewShapes = map[string]shape{
	"home": {need: []string{"blocks"}, may: map[string]rule{
		"blocks": list(0, 100, pass), "private_metadata": chars(0, 3000), "callback_id": chars(0, 255), "external_id": chars(0, 255),
	}},
	"modal": {need: []string{"blocks", "title"}, may: map[string]rule{
		"blocks": list(0, 100, pass), "private_metadata": chars(0, 3000), "callback_id": chars(0, 255), "external_id": chars(0, 255),
		"title": plain(24), "submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean,
		"submit_disabled": boolean,
	}},
}

// with joins rules.
func with(a, b map[string]rule) map[string]rule {
	joined := maps.Clone(a)
	maps.Copy(joined, b)
	return joined
}
