package question_test

import "testing"

// Spanish, Portuguese and French as they are typed on a phone: no accents, no capitals, slang and slips.
func TestRomanceQuestions(t *testing.T) {
	check(t, []reading{
		// Who stands for a pole beside a country, and what else it is called.
		{"argentina con putin, pls", "stance ARG axis=russia"},
		{"vc sabe se a bolivia ainda é amiga do putin?", "stance BOL axis=russia"},
		{"l'argentine roule pour poutine?", "stance ARG axis=russia"},
		{"q tan cerca esta republica dominicana de los yanquis", "stance DOM axis=washington"},
		{"la republique dominicaine par rapport aux ricains", "stance DOM axis=washington"},
		{"colombia com os americanos, como q ta", "stance COL axis=washington"},
		{"onde fica o governo peruano nessa briga russia x eua", "stance PER"},
		// Before a leader took office.
		{"como era la postura de argentina antes de milei", "stance ARG asof=2023-12-09"},
		{"como era o brasil antes do lula voltar", "stance BRA asof=2022-12-31"},
		{"l'argentine avant milei c'etait quoi sa position", "stance ARG asof=2023-12-09"},
		{"argentina antes de que asumiera milei", "stance ARG asof=2023-12-09"},
		{"postura del gobierno de lula", "stance BRA"},
		// What texts are about is nobody's vote.
		{"o voto boliviano sobre a anexaçao das regioes ucranianas", "votes BOL text=ES-11/4"},
		{"resultado de la votacion sobre la anexion de las cuatro regiones ucranianas", "resolution text=ES-11/4"},
		{"argentine, texte ukrainien de fevrier 2025, elle a voté quoi", "votes ARG text=ES-11/7"},
		{"que voto el salvador en la resolucion que condenaba la invasion", "votes SLV text=ES-11/1"},
		{"como votou cuba na hora de tirar a russia do conselho de direitos humanos", "votes CUB text=ES-11/3"},
		{"voto de ucrania en la ES-11/7", "votes UKR text=ES-11/7"},
		// Names.
		{"la guyane francaise de quel coté", "stance place=GUF"},
		{"postura de Sudán francés", "stance MLI also=Sudán Francés"},
		{"wakanda entre rusia y eeuu", `stance -> not_a_country "Wakanda"`},
		{"portugal ta coberto?", "stance PRT"},
		{"y los ticos?", "stance CRI"},
		{"la haute-volta?", "stance BFA also=Haute-Volta"},
		{"la californie est pro ukraine?", `stance -> not_a_country "Californie"`},
		// Texts by what they are about, in questions about votes alone, and by the time of the vote.
		{"como voto honduras la anexion", "votes HND text=ES-11/4"},
		{"como voto mexico la anexion en 2014", "votes MEX asof=2014-12-31 text=68/262"},
		{"que voto nicaragua con lo de los niños", "votes NIC text=ES-11/9"},
		{"el voto colombiano en febrero de 2025, el texto de ucrania y los europeos", "votes COL asof=2025-02-28 text=ES-11/7"},
		{"venezuela na resoluçao de 2014 sobre a crimeia", "votes VEN asof=2014-12-31 text=68/262"},
		{"quien voto en contra de la de derechos humanos en crimea de 2016", "resolution asof=2016-12-31 text=71/205"},
		{"la bolivie s'est abstenue sur l'agression en mars 2022?", "votes BOL asof=2022-03-31 text=ES-11/1"},
		{"votos de peru sobre ucrania en 2022", "votes PER asof=2022-12-31"},
		{"hungria que voto en la es 11/7", "votes HUN text=ES-11/7"},
		{"que es 68/262", "resolution text=68/262"},
		// Groups, watches, comparisons.
		{"quais paises sao contra a russia na america latina?", "group group=opposing_camp axis=russia"},
		{"america central como ta dividida", "group group=central_america"},
		{"bota paraguai e uruguai juntos", "compare PRY+URY"},
		{"deja de seguir a cuba", "watch CUB [stop]"},
		{"segue o peru pra mim", "watch PER [subscribe]"},
		{"é seguro publicar sobre a colombia?", "safe COL"},
		{"o que a gente sabia do chile em 1 de novembro de 2025", "stance CHL known=2025-11-01"},
		// A leader's surname beside the country led.
		{"colombia durante o governo santos", "stance COL asof=2018-08-06"},
		{"peru bajo castillo", "stance PER asof=2022-12-06"},
		{"mexico con amlo", "stance MEX asof=2024-09-30"},
		{"que onda con duque", "stance COL"},
		{"argentina sous macri", "none -> not_understood ARG?"},
		{"quels pays ont voté avec la russie sur la es 11/2", "resolution text=ES-11/2"},
		{"a Finlândia está na OTAN desde quando?", "measures FIN group=nato"},
		{"desde quando o equador ta com washington?", "shifts ECU axis=washington"},
		{"resoluçao sobre a reparaçao à ucrania, quantos contra", "resolution text=ES-11/5"},
		{"en que te basas para decir que uruguay es neutral", "evidence URY"},
		{"o equador vota mais com a russia ou com os eua?", "agreement ECU"},
		{"peru siete años atras", "stance PER asof=2019-12-31"},
		{"ce que dit BRA-09 est faux, corrige", "correct receipt=BRA-09"},
	})
}

// What is typed in the middle of a name, in words instead of figures, or as an everyday word that a name is, too.
func TestNamesAndDatesInWords(t *testing.T) {
	check(t, []reading{
		// A word that only points, within a name; an article before one.
		{"el sudan ese del sur", "stance SSD"},
		{"o sudao aquele do sul", "stance SSD"},
		{"los coreanos del norte", "stance PRK"},
		{"le zaïre il est où", "stance COD also=Zaire"},
		// Names that are everyday words, and those words.
		{"la paz sigue con moscu?", "stance BOL axis=russia"},
		{"quien esta a favor de la paz con rusia", "stance RUS"},
		{"la réunion penche vers qui", "stance place=REU"},
		{"position de la réunion", "stance place=REU"},
		{"la reunion c'est quand", "none -> not_understood"},
		// The day of a month in words, and a year of two figures behind it.
		{"o mexico a primeiro de novembro de 2025", "stance MEX asof=2025-11-01"},
		{"cuba le vingt-quatre octobre 2025", "stance CUB asof=2025-10-24"},
		{"куба на двадцать четвертое октября 2025", "stance CUB asof=2025-10-24"},
		{"peru on the first of november 2025", "stance PER asof=2025-11-01"},
		{"uruguay el tres de mayo del 14", "stance URY asof=2014-05-03"},
		{"2022年十三月秘鲁", "none -> refused (no_such_date)"},
		// Texts by a short symbol, and by what they are about: of those of several years, none.
		{"bolivia y la 11/1, que hizo", "votes BOL text=ES-11/1"},
		{"o voto do mexico na da crimeia", "votes MEX text=68/262"},
		{"голос мексики по крыму", "votes MEX text=68/262"},
		{"como voto mexico en derechos humanos en crimea", "votes MEX"},
		// A pole left out, one in a word, one in the name of a camp.
		{"costa rica sin la parte de rusia", "stance CRI axis=washington"},
		{"多米尼加共和国,不要俄罗斯部分", "stance DOM axis=washington"},
		{"la guerra de ucrania: postura de chile", "stance CHL"},
		{"боливийцы пророссийские?", "stance BOL axis=russia"},
		{"costa rica del lado ruso", "stance CRI axis=russia"},
		{"chile esta mas del lado ruso o del yanki", "stance CHL"},
		{"гватемала против россии", "stance GTM axis=russia"},
		{"перу или чили, кто более антироссийский", "compare PER+CHL axis=russia"},
		{"venezuela despues de la captura de maduro", "stance VEN"},
		{"compare LAO BDI", "compare LAO+BDI"},
	})
}

// How countries voted on a day or in a month asks for those votes, a date up to which, or behind a command, for all before.
func TestVotesThen(t *testing.T) {
	r := newReader(t)
	for text, want := range map[string]bool{
		"como voto brasil el 7 de abril de 2022": true, "votos de brasil hasta el 7 de abril de 2022": false,
		"vote du mali le 2 mars 2022": true, "how did peru vote in 2022": false, "votes peru as of 2022-03-02": false,
		"казахстан 2 марта 2022 как голосовал": true, "印度2022年3月2日怎么投票的": true, "how did venezuela vote in march 2022": true,
	} {
		if got := r.Read(text, today).Query.OnlyThen; got != want {
			t.Errorf("%q asks for the votes of that time alone: %v, want %v", text, got, want)
		}
	}
}

// The language shows in a joining word, in a month, in how a short word is spelt.
func TestRomanceLanguages(t *testing.T) {
	r := newReader(t)
	for text, want := range map[string]string{
		"cuba y rusia": "es", "cuba e russia": "pt", "cuba et russie": "fr", "cuba and russia": "en", "cuba rusia": "",
		"31 de febrero de 2024 peru": "es", "el salvador e washington": "pt", "a venezuela está no mercosul?": "pt",
		"é seguro publicar sobre a colombia?": "pt", "es seguro publicar sobre colombia?": "es",
	} {
		if got := r.Read(text, today).Language; got != want {
			t.Errorf("%q is in %q, want %q", text, got, want)
		}
	}
}
