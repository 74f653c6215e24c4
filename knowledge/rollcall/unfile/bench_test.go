package unfile_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/rollcall/unfile"
)

// million writes a file of a million rows and more, of the size that the library's has, and returns its name, rows and bytes.
// Each of its roll calls is one of ours under another symbol.
func million(b *testing.B) (name string, rows, size int) {
	b.Helper()
	calls := full(b, corpustest.Records(b))
	name = filepath.Join(b.TempDir(), "ga_voting.csv")
	file, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(file, 1<<20)
	for number := 0; rows < 1_000_000; number++ {
		r := calls[number%len(calls)]
		r.ID = fmt.Sprintf("%d/%d", 62+number%19, 1+number/19)
		r.Date = knowledge.Day((1945+62+number%19)*10_000 + 1215)
		r.Title = "Situation of human rights and fundamental freedoms in a territory"
		if r.Date < 20110714 { // before South Sudan joined, a roll call of that time
			r.Votes, r.Tally = calls[0].Votes, calls[0].Tally
		} else if r.Tally.Sum() != 193 {
			r.Votes, r.Tally = calls[45].Votes, calls[45].Tally
		}
		text := forms["2025"].write(b, []knowledge.RollCall{r})
		text = text[strings.IndexByte(text, '\n')+1:]
		if number == 0 {
			text = forms["2025"].write(b, []knowledge.RollCall{r})
		}
		text = strings.ReplaceAll(text, "3000000", strconv.Itoa(3_000_000+number))
		text = strings.ReplaceAll(text, "A SUBJECT", strings.Repeat("HUMAN RIGHTS--REPORTS (SUBJECT) | ", 4))
		n, err := w.WriteString(text)
		if err != nil {
			b.Fatal(err)
		}
		size += n
		rows += r.Tally.Sum()
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return name, rows, size
}

// BenchmarkRead reads a million rows on one core and reports rows a second, the same by the time that the processor spent,
// which other programs do not disturb, and the peak of the memory that is resident (of the whole test) and on the heap. The
// limits that it is held against are 200,000 rows a second and 100 MB.
func BenchmarkRead(b *testing.B) {
	name, rows, size := million(b)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	resident := watchResident(b)
	b.SetBytes(int64(size))
	read, heap, spent, start := 0, uint64(0), processorTime(), time.Now()
	for b.Loop() {
		file, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		f, err := unfile.Read(file, options)
		if err != nil {
			b.Fatal(err)
		}
		if f.Report.Rows != rows || f.Report.Accepted != f.Report.Calls {
			b.Fatalf("%d rows of %d, %d roll calls of %d; %v", f.Report.Rows, rows, f.Report.Accepted, f.Report.Calls, f.Report.RefusedCalls[:1])
		}
		read += rows
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heap = max(heap, m.HeapSys-m.HeapReleased)
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(read)/time.Since(start).Seconds(), "rows/s")
	if spent = processorTime() - spent; spent > 0 {
		b.ReportMetric(float64(read)/spent, "rows/cpu-s")
	}
	b.ReportMetric(float64(heap)/(1<<20), "heap-MB")
	if peak := resident(); peak > 0 {
		b.ReportMetric(peak, "resident-MB")
	}
}

// processorTime returns the seconds that the processor spent on this program, or 0 where the system does not tell.
func processorTime() float64 {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	const user, system, tick = 11, 12, 100 // places behind the name, and the unit on Linux
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) <= system {
		return 0
	}
	sum := 0
	for _, f := range [][]byte{fields[user], fields[system]} {
		n, err := strconv.Atoi(string(f))
		if err != nil {
			return 0
		}
		sum += n
	}
	return float64(sum) / tick
}

// watchResident forgets the peak of resident memory so far, and returns what reads the one since, in MB: 0 where the system
// does not tell.
func watchResident(b *testing.B) func() float64 {
	b.Helper()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200); err != nil {
		b.Logf("the peak of resident memory is not known: %v", err)
		return func() float64 { return 0 }
	}
	return func() float64 {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return 0
		}
		for line := range bytes.Lines(status) {
			if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
				kB, err := strconv.ParseFloat(string(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte(" kB"))), 64)
				if err == nil {
					return kB / 1024
				}
			}
		}
		return 0
	}
}
