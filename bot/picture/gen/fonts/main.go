// Command fonts cuts the fonts of pictures down to what the program can say. It is run by hand when texts bring runes
// that the fonts lack, which a test of bot/picture reports:
//
//	go run ./bot/picture/gen/fonts -inter DIR -noto DIR
//
// Inter is that of the npm package @expo-google-fonts/inter 0.4.2, and Noto Sans SC that of @fontsource/noto-sans-sc
// 5.3.0, each unpacked into its folder. The work is done by pyftsubset of Debian's package fonttools.
package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// latin are the runes of Inter that are kept whether or not a text has them: an editor may type any of them.
const latin = "U+0020-024F,U+02BC-02DD,U+0300-0304,U+0370-03FF,U+0400-04FF,U+1E00-1EFF,U+2010-2027,U+2030-203A,U+2044,U+2070-2089,U+20A0-20BF,U+2116,U+2122,U+2190-2199,U+2212,U+2248,U+2260-2265,U+25A0-25FF,U+FFFD"

// texts are the files and folders that hold all that a picture may say.
var texts = []string{"bot/phrases/catalogue", "knowledge/places/data/zh.tsv", "knowledge/corpus/records"}

// firstOfHan is the first rune that is taken from the Chinese font.
const firstOfHan = 0x2E80

func main() {
	inter := flag.String("inter", "", "folder of Inter")
	noto := flag.String("noto", "", "folder of Noto Sans SC")
	flag.Parse()
	if err := run(*inter, *noto); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(inter, noto string) error {
	han, err := hanOf(texts)
	if err != nil {
		return err
	}
	for _, f := range []struct{ from, to, runes string }{
		{filepath.Join(inter, "400Regular", "Inter_400Regular.ttf"), "inter-regular.ttf", latin},
		{filepath.Join(inter, "600SemiBold", "Inter_600SemiBold.ttf"), "inter-semibold.ttf", latin},
		{filepath.Join(noto, "files", "noto-sans-sc-chinese-simplified-400-normal.woff"), "noto-sans-sc-regular.ttf", han},
		{filepath.Join(noto, "files", "noto-sans-sc-chinese-simplified-700-normal.woff"), "noto-sans-sc-bold.ttf", han},
	} {
		if err := subset(f.from, filepath.Join("bot", "picture", "fonts", f.to), f.runes); err != nil {
			return fmt.Errorf("fonts: %s: %w", f.to, err)
		}
	}
	return nil
}

// hanOf lists the runes of the texts that the Chinese font is for.
func hanOf(folders []string) (string, error) {
	set := map[rune]bool{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path) //nolint:gosec // the folders are those above
			for _, r := range string(text) {
				if r >= firstOfHan && r < 0x10000 {
					set[r] = true
				}
			}
			return err
		})
		if err != nil {
			return "", fmt.Errorf("fonts: %w", err)
		}
	}
	common, err := commonHan()
	if err != nil {
		return "", fmt.Errorf("fonts: %w", err)
	}
	for _, r := range common {
		set[r] = true
	}
	var codes []string
	for _, r := range slices.Sorted(maps.Keys(set)) {
		codes = append(codes, fmt.Sprintf("U+%04X", r))
	}
	return strings.Join(codes, ","), nil
}

// commonHan are the 3,755 characters of the first level of GB 2312, which are those of ordinary texts: an editor may
// write any of them, and a new phrase needs no new fonts.
func commonHan() (string, error) {
	var b []byte
	for row := byte(0xB0); row <= 0xD7; row++ {
		for column := byte(0xA1); column <= 0xFE && (row < 0xD7 || column <= 0xF9); column++ {
			b = append(b, row, column)
		}
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(b)
	return string(text), err
}

// subset leaves outlines and widths only: texts are set glyph by glyph, without hints or kerning.
func subset(from, to, runes string) error {
	c := exec.CommandContext(context.Background(), "pyftsubset", from, "--unicodes="+runes, "--output-file="+to, //nolint:gosec // run by hand, on files named by hand
		"--layout-features=", "--no-hinting", "--notdef-outline", "--desubroutinize", "--name-IDs=0,1,2,13,14", "--drop-tables+=GPOS,GSUB,GDEF,DSIG,vhea,vmtx,STAT")
	c.Stderr = os.Stderr
	return c.Run()
}
