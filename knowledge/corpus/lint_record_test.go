package corpus

// The rows of CSV files that the cases replace.
const (
	bolAlba = "BOL,alba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"
	demine  = "CHL,aid_to_ukraine_demining,2023-01,,1lurer-2023-02-15,"
	zwe2025 = "ZWE,2025,0.0833,30,0.9500,30\n"
)

// What a table can get wrong: each row with its line, as csv.go and lint_record.go tell it.
var tableCases = []lintCase{
	{name: "table with another column", file: membershipsFile, old: "country,group,status,from", new: "country,group,standing,from"},
	{name: "table with columns in another order", file: membershipsFile, old: "country,group,status,from", new: "group,country,status,from"},
	{name: "table without a column", file: measuresFile, old: "country,kind,from,to,source,note\n", new: "country,kind,from,to,source\n"},
	{name: "table without a header", file: agreementFile, old: "country,year,usa,n_usa,russia,n_russia\n", new: "", line: "AFG,1992"},
	{name: "empty table", file: measuresFile, new: ""},
	{name: "table of semicolons", file: measuresFile, new: "country;kind;from;to;source;note\n"},

	{name: "missing cell", file: membershipsFile, old: bolAlba, new: "BOL,alba,,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "missing country", file: agreementFile, old: zwe2025, new: ",2025,0.0833,30,0.9500,30\n"},
	{name: "missing source", file: measuresFile, old: demine, new: "CHL,aid_to_ukraine_demining,2023-01,,,"},
	{name: "blank before a cell", file: membershipsFile, old: bolAlba, new: "BOL, alba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "blank behind a cell", file: agreementFile, old: zwe2025, new: "ZWE ,2025,0.0833,30,0.9500,30\n"},
	{name: "nothing but a blank in a cell", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-04-29,2019-11,left, ,instantaneas-2025-10-28,"},
	{name: "bad date in a table", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,29.4.2006,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "date in a table that the calendar lacks", file: measuresFile, old: demine, new: "CHL,aid_to_ukraine_demining,2023-02-29,,1lurer-2023-02-15,"},
	{name: "words for a number", file: agreementFile, old: zwe2025, new: "ZWE,2025,0.0833,thirty,0.9500,30\n"},
	{name: "words for a share", file: agreementFile, old: zwe2025, new: "ZWE,2025,little,30,0.9500,30\n"},
	{name: "comma in a share", file: agreementFile, old: zwe2025, new: "ZWE,2025,\"0,0833\",30,0.9500,30\n"},
	{name: "fraction for a whole number", file: agreementFile, old: zwe2025, new: "ZWE,2025,0.0833,30.5,0.9500,30\n"},
	{name: "row with a cell too few", file: agreementFile, old: zwe2025, new: "ZWE,2025,0.0833,30,0.9500\n"},
	{name: "row with a cell too many", file: agreementFile, old: zwe2025, new: "ZWE,2025,0.0833,30,0.9500,30,\n"},
	{name: "quote inside a cell", file: membershipsFile, old: bolAlba, new: "BOL,\"al\"ba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "all problems of a table at once", file: agreementFile, old: zwe2025, new: "ZWE,25th,0.0833,30,0.9500,30\nZWE,2026\nZWE,,x,30,0.9500,30\n"},

	{name: "membership of no UN member", file: membershipsFile, old: bolAlba, new: "XKX,alba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "unknown status", file: membershipsFile, old: bolAlba, new: "BOL,alba,full member,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "unknown ending", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-04-29,2019-11,expelled,,instantaneas-2025-10-28,"},
	{name: "end without a word", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-04-29,2019-11,,,instantaneas-2025-10-28,"},
	{name: "word without an end", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-04-29,,left,,instantaneas-2025-10-28,"},
	{name: "membership that ends before it starts", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-04-29,2006-03,left,,instantaneas-2025-10-28,"},
	{name: "dangling source of a membership", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28; unread,"},
	{name: "cell of sources that ends with a semicolon", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28;,"},
	{name: "duplicate membership", file: membershipsFile, old: bolAlba, new: "BOL,alba,member,2006-05,2019-11,left,,instantaneas-2025-10-28,\n" + bolAlba},

	{name: "measure of no UN member", file: measuresFile, old: demine, new: "CHI,aid_to_ukraine_demining,2023-01,,1lurer-2023-02-15,"},
	{name: "unknown kind of a measure", file: measuresFile, old: demine, new: "CHL,aid_to_ukraine,2023-01,,1lurer-2023-02-15,"},
	{name: "measure that ends before it starts", file: measuresFile, old: demine, new: "CHL,aid_to_ukraine_demining,2023-01,2022,1lurer-2023-02-15,"},
	{name: "dangling source of a measure", file: measuresFile, old: demine, new: "CHL,aid_to_ukraine_demining,2023-01,,1lurer-2023-02-15 ; unread,"},
	{name: "duplicate measure", file: measuresFile, old: demine, new: "CHL,aid_to_ukraine_demining,2023,,1lurer-2023-02-15,\n" + demine},

	{name: "agreement of no UN member", file: agreementFile, old: zwe2025, new: "ZZZ,2025,0.0833,30,0.9500,30\n"},
	{name: "duplicate agreement", file: agreementFile, old: zwe2025, new: zwe2025 + zwe2025},
	{name: "share above 1", file: agreementFile, old: zwe2025, new: "ZWE,2025,0.0833,30,1.0001,30\n"},
	{name: "share below 0", file: agreementFile, old: zwe2025, new: "ZWE,2025,-0.0833,30,0.9500,30\n"},
	{name: "share in percent", file: agreementFile, old: zwe2025, new: "ZWE,2025,8.33,30,95.00,30\n"},
	{name: "year before agreement is computed", file: agreementFile, old: "AFG,1992,", new: "AFG,1991,0.0833,30,0.9500,30\nAFG,1992,"},
	{name: "rows out of order", file: agreementFile, old: zwe2025, new: zwe2025 + "ZWE,2024,0.0833,30,0.9500,30\n", line: "ZWE,2024,0.0833"},
	{name: "row of another country out of order", file: agreementFile, old: zwe2025, new: zwe2025 + "AFG,2026,0.0833,30,0.9500,30\n", line: "AFG,2026,"},
	{name: "share without a number of votes", file: agreementFile, old: zwe2025, new: "ZWE,2025,0.0833,,0.9500,30\n"},
	{name: "negative number of votes", file: agreementFile, old: zwe2025, new: "ZWE,2025,0.0833,30,0.9500,-30\n"},
	{name: "share that is no number", file: agreementFile, old: zwe2025, new: "ZWE,2025,NaN,30,0.9500,30\n"},
	{name: "quote of a cell that is not closed", file: agreementFile, old: zwe2025, new: "\"ZWE,2025,0.0833,30,0.9500,30\n"},
	{name: "quote within a first cell", file: membershipsFile, old: bolAlba, new: "B\"OL,alba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "row of semicolons", file: measuresFile, old: demine, new: "CHL;aid_to_ukraine_demining;2023-01;;1lurer-2023-02-15;\"a note\""},
	{name: "membership of an unknown group", file: membershipsFile, old: bolAlba, new: "BOL,Albba,member,2006-04-29,2019-11,left,,instantaneas-2025-10-28,"},
	{name: "measure that has not come", file: measuresFile, old: demine, new: "CHL,aid_to_ukraine_demining,2033-01,,1lurer-2023-02-15,"},
	{name: "year that has not come", file: agreementFile, old: zwe2025, new: zwe2025 + "ZWE,2027,0.0833,30,0.9500,30\n"},
}

const (
	geo76  = "rollcalls/76-267.yaml"
	ga2026 = "rollcalls/ga-2026-02-24.yaml"

	es111No = "  no: |\n    BLR\n    ERI\n"
	slvES   = "  - rollcall: ES-11/4\n    country: SLV\n    record: absent\n    other: abstain\n"
)

// What a roll call can get wrong: its rows are named, and it is refused whole. Of its arithmetic the cases show that
// it is asked at all; package rollcall tests that it sees what it can.
var rollCallCases = []lintCase{
	{name: "roll call under another name", file: geo76, old: "id: 76/267\n", new: "id: 76/268\n"},
	{name: "duplicate roll call", file: geo76, old: "id: 76/267\n", new: "id: 76/70\n", in: "rollcalls/76-70.yaml", line: "id: 76/70"},
	{name: "day before that of the text before", file: "rollcalls/es-11-2.yaml", old: "date: '2022-03-24'\n", new: "date: '2022-03-01'\n"},
	{name: "unknown grade", file: geo76, old: "grade: U\n", new: "grade: E\n"},
	{name: "unknown topic", file: geo76, old: "topic: georgia\n", new: "topic: abkhazia\n"},
	{name: "unknown meaning", file: geo76, old: "meaning: against\n", new: "meaning: hostile\n"},
	{name: "roll call without source", file: geo76, old: "sources: [undl-3976352, lefthand67-un-votes]", new: "sources: []"},
	{name: "dangling source of a roll call", file: geo76, old: "sources: [undl-3976352, lefthand67-un-votes]", new: "sources: [undl-3976352, unread]"},
	{name: "dangling source of cells", file: ga2026, old: "source: babel-125173", new: "source: unread"},

	{name: "state moved to another position", file: es111, old: "    ZMB\n" + es111No, new: "    ZMB BLR\n  no: |\n    ERI\n"},
	{name: "state dropped", file: es111, old: es111No, new: "  no: |\n    ERI\n"},
	{name: "state doubled", file: es111, old: es111No, new: "  no: |\n    BLR BLR\n    ERI\n"},
	{name: "state in two positions", file: es111, old: es111No, new: "  no: |\n    BLR\n    ERI\n    ZMB\n"},
	{name: "vote of no UN member", file: es111, old: es111No, new: "  no: |\n    BLR\n    XKX\n"},
	{name: "vote of a state before it was a member", file: "rollcalls/62-249.yaml", old: "  no: |\n", new: "  no: |\n    SSD\n"},
	{name: "tally that is off by one", file: es111, old: "yes: 141,", new: "yes: 140,"},
	{name: "tally off by one in two columns", file: es111, old: "{yes: 141, no: 5,", new: "{yes: 140, no: 6,", line: "  yes: |"},
	{name: "symbol of another session", file: geo76, old: "date: '2022-06-08'\n", new: "date: '2021-06-08'\n", line: "id: 76/267"},
	{name: "roll call without title", file: geo76, old: "title: Displaced persons from Abkhazia and South Ossetia, Georgia\n", new: "title: ''\n"},
	{name: "unknown position", file: es111, old: "  no: |\n", new: "  nay: |\n", line: "votes:"},
	{name: "full roll call that is called partial", file: es111, old: "grade: A\n", new: "grade: P\npartial: true\n"},
	{name: "partial roll call of another grade", file: ga2026, old: "grade: P\n", new: "grade: U\n"},
	{name: "cell that two sources have", file: ga2026, old: "    abstain: KGZ\n", new: "    abstain: KGZ BRA\n"},
	{name: "symbol that was not read, and no word of it", file: ga2026, old: "unnumbered: true\n", new: "", line: "id: GA-2026-02-24"},

	{name: "code that has not the form", file: es111, old: es111No, new: "  no: |\n    BLR\n    ERIT\n", line: "  no: |"},
	{name: "code in small letters", file: es111, old: es111No, new: "  no: |\n    BLR\n    eri\n", line: "  no: |"},
	{name: "list where codes are wanted", file: es111, old: es111No, new: "  no: [BLR, ERI]\n  x: |\n    BLR\n"},
	{name: "nothing where codes are wanted", file: es111, old: es111No, new: "  no:\n  x: |\n    BLR\n"},
	{name: "text where a number is wanted", file: es111, old: "yes: 141,", new: "yes: '141',"},
	{name: "true where a number is wanted", file: es111, old: "yes: 141,", new: "yes: true,"},
	{name: "month where the day of a roll call is wanted", file: es111, old: "date: '2022-03-02'", new: "date: '2022-03'"},

	{name: "dispute of an unknown roll call", file: disputesFile, old: "- rollcall: ES-11/4\n", new: "- rollcall: ES-11/44\n"},
	{name: "dispute about a cell that the roll call does not have", file: disputesFile, old: slvES, new: "  - rollcall: ES-11/4\n    country: SLV\n    record: no\n    other: abstain\n"},
	{name: "dispute about a state that the roll call does not have", file: disputesFile, old: slvES, new: "  - rollcall: ES-11/4\n    country: XKX\n    record: absent\n    other: abstain\n"},
	{name: "two disputes about one vote", file: disputesFile, old: slvES, new: slvES + "    by: Somebody.\n    sources: [undl-3990400]\n" + slvES},
	{name: "dispute without source", file: disputesFile, old: "sources: [undl-3994052, nassauguardian-2022-11-17]", new: "sources: []"},
	{name: "dispute with the same position", file: disputesFile, old: slvES, new: "  - rollcall: ES-11/4\n    country: SLV\n    record: absent\n    other: absent\n"},
	{name: "dispute with an unknown position", file: disputesFile, old: slvES, new: "  - rollcall: ES-11/4\n    country: SLV\n    record: absent\n    other: present\n"},
	{name: "dangling source of a dispute", file: disputesFile, old: "sources: [undl-3994052, nassauguardian-2022-11-17]", new: "sources: [undl-3994052, unread]"},
}
