package corpus

const contradictedRule = "  - id: R-contradicted\n    on: verdict\n    is: [contradicted]\n    decision: do_not_use\n"

// What the rules of publishing can get wrong, as lint_publish.go tells it.
var publishCases = []lintCase{
	{name: "rules of publishing that are missing", file: publishFile, drop: true, line: "-"},
	{name: "no rule at all", file: publishFile, new: "rules: []\n", line: "rules: []"},
	{name: "verdict that no rule decides on", file: publishFile, old: "is: [opinion, context]", new: "is: [opinion]", line: "rules:"},
	{name: "grade that no rule decides on", file: publishFile, old: "is: [A, B, C]", new: "is: [A, B]", line: "rules:"},
	{name: "age that no rule decides on", file: publishFile, old: "on: age\n    over: 90", new: "on: verdict\n    is: [confirmed]", line: "rules:"},
	{name: "rule with a bad id", file: publishFile, old: "id: R-contradicted", new: "id: contradicted"},
	{name: "rule that stands twice", file: publishFile, old: "id: R-outdated", new: "id: R-contradicted"},
	{name: "unknown facet of a rule", file: publishFile, old: contradictedRule, new: "  - id: R-contradicted\n    on: mood\n    is: [contradicted]\n    decision: do_not_use\n", line: "on: mood"},
	{name: "unknown verdict of a rule", file: publishFile, old: "is: [contradicted]", new: "is: [contradicted, refuted]"},
	{name: "value of another facet in a rule", file: publishFile, old: "is: [withdrawn]", new: "is: [withdrawn, confirmed]"},
	{name: "value twice in a rule", file: publishFile, old: "is: [opinion, context]", new: "is: [opinion, context, opinion]"},
	{name: "rule that decides on nothing", file: publishFile, old: contradictedRule, new: "  - id: R-contradicted\n    on: verdict\n    decision: do_not_use\n", line: "rules:"},
	{name: "unknown decision", file: publishFile, old: "    is: [contradicted]\n    decision: do_not_use", new: "    is: [contradicted]\n    decision: never", line: "decision: never"},
	{name: "days of a rule that counts none", file: publishFile, old: "is: [contradicted]\n", new: "is: [contradicted]\n    over: 5\n"},
	{name: "age without days", file: publishFile, old: "    over: 90\n", new: "", line: "id: R-old"},
	{name: "age of no days", file: publishFile, old: "over: 90", new: "over: 0", line: "over: 0"},
	{name: "age in words", file: publishFile, old: "over: 90", new: "over: ninety"},
	{name: "reason that tells other days", file: publishFile, old: "over: 90", new: "over: 60", line: "why: what it says of the present"},
	{name: "reason that is too long", file: publishFile, old: "why: evidence contradicts it", new: "why: " + longText},
	{name: "reason that ends a sentence", file: publishFile, old: "why: evidence contradicts it", new: "why: evidence contradicts it."},
	{name: "reason that is missing in a language", file: publishFile, old: "      zh: 证据与之相反\n", new: "", line: "whys:"},
	{name: "reason in an unknown language", file: publishFile, old: "      zh: 证据与之相反\n", new: "      zh: 证据与之相反\n      de: die Belege widersprechen\n"},
}
