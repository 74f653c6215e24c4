# shellcheck shell=bash
# Functions that .ci/run and .ci/deep share. Source it; it does nothing by itself but set up.
#
# A step is a command with a name. Each runs in its own subshell under `set -e`, whatever its
# outcome the next one runs too, so that one run names everything that is wrong.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
exec </dev/null # no step may wait for an answer

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# The tools keep a go.mod of their own, so that a linter's dependencies stay out of the product's.
tools=$root/.ci/tools/go.mod

passed=0
failed=()

# need COMMAND...: stops at once when a command that the steps take for granted is absent.
need() {
	local command
	for command in "$@"; do
		command -v "$command" >/dev/null || {
			echo "$0 needs $command, which is not in PATH" >&2
			exit 2
		}
	done
}

# step NAME COMMAND...: runs the command, then says in one line how it went and how long it took.
step() {
	local name=$1 start=$SECONDS status
	shift
	echo "=== $name"
	set +e # a plain subshell, not a condition: in a condition bash would ignore the inner -e
	(
		set -euo pipefail
		"$@"
	)
	status=$?
	set -e
	if ((status == 0)); then
		passed=$((passed + 1))
		echo "--- ok $name ($((SECONDS - start)) s)"
	else
		failed+=("$name")
		echo "--- FAILED $name ($((SECONDS - start)) s, exit status $status)"
	fi
}

# finish: the closing lines and the exit status.
finish() {
	local name
	echo "=== $SECONDS s in all"
	for name in ${failed[@]+"${failed[@]}"}; do
		echo "failed: $name"
	done
	echo "$passed passed, ${#failed[@]} failed"
	((${#failed[@]} == 0)) || exit 1
}

# retry COMMAND...: tries up to four times, with a growing pause: a module's first download may be
# refused and pass a minute later.
retry() {
	local try
	for try in 1 2 3; do
		"$@" && return
		echo "try $try of 4 failed, the next in $((try * 20)) s: $*"
		sleep "$((try * 20))"
	done
	"$@"
}

in_git() {
	git rev-parse --is-inside-work-tree >/dev/null 2>&1
}

# with_race COMMAND...: runs it with the race detector on, by GOFLAGS so that the command stays as written.
with_race() {
	local flags
	flags=$(go env GOFLAGS)
	CGO_ENABLED=1 GOFLAGS="${flags:+$flags }-race" "$@"
}

# download: every module of the product and of the tools, so that later steps need no network.
download() {
	retry go mod download
	retry go mod download -modfile="$tools"
	retry go -C .ci/manifests mod download
}

# postgresql: what the tests start a PostgreSQL from. They look for it in the path and where Debian puts it.
postgresql() {
	if command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; then
		return
	fi
	local as=()
	((EUID == 0)) || as=(sudo)
	retry "${as[@]}" apt-get update
	retry "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends postgresql
}

# chromium: the browser that the tests of the pages drive. They look for it in the path.
chromium() {
	if type -P chromium || type -P chromium-browser || type -P google-chrome; then
		return
	fi
	local as=()
	((EUID == 0)) || as=(sudo)
	retry "${as[@]}" apt-get update
	retry "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium
}

# prometheus: the judge of alert rules, promtool. It is looked for in the path; nothing of the package is started.
prometheus() {
	if type -P promtool; then
		return
	fi
	local as=()
	((EUID == 0)) || as=(sudo)
	retry "${as[@]}" apt-get update
	retry "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends prometheus
}

# peers FOLDER: Node.js, and the packages of a folder of .ci/peers by its lock file: what judges the messages that go to a
# platform and the pages that a browser shows, and what the benchmarks hold the program against. They want Node.js 20; Debian has
# that since version 13.
peers() {
	if ! command -v node || ! command -v npm; then
		local as=()
		((EUID == 0)) || as=(sudo)
		retry "${as[@]}" apt-get update
		retry "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends nodejs npm
	fi
	node --eval 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || {
		echo "Node.js $(node --version) is here, and 20 or later is needed: https://nodejs.org"
		return 1
	}
	cd ".ci/peers/$1"
	retry npm ci --ignore-scripts --no-audit --no-fund
}

# peers_tests FOLDER: the judges are held against samples that each of them must refuse.
peers_tests() {
	cd ".ci/peers/$1"
	npm test
}

# list_fuzz_targets FILE: writes one line "package target" for each fuzz target, sorted.
# `go test -list` prints a package's targets and then its "ok" line.
list_fuzz_targets() {
	go test -list '^Fuzz' ./... >"$tmp/listed" || {
		cat "$tmp/listed"
		return 1
	}
	awk '
		/^Fuzz[^[:space:]]*$/ { names[n++] = $1; next }
		$1 == "ok" { for (i = 0; i < n; i++) print $2, names[i]; n = 0 }
	' "$tmp/listed" | LC_ALL=C sort >"$1"
	echo "$(wc -l <"$1") fuzz targets"
}

# fuzz PACKAGE TARGET FLAGS...: fuzzes one target. Go before 1.27 now and then reports the end of
# -fuzztime itself as a failure (golang/go#75804): "context deadline exceeded" and no failing
# input. That alone is worth a second try, and only one.
fuzz() {
	local package=$1 target=$2 log=$tmp/fuzz.log
	shift 2
	set -- go test -run '^$' -fuzz "^$target\$" "$@" "$package"
	"$@" 2>&1 | tee "$log" && return
	if grep -q 'context deadline exceeded' "$log" && ! grep -Eq 'Failing input written|panic:|hung or terminated' "$log"; then
		echo "the end of the time was reported as a failure (golang/go#75804); trying once more"
		"$@" 2>&1 | tee "$log" && return
	fi
	show_failing_input "$package" "$log"
	return 1
}

# show_failing_input PACKAGE LOG: prints the input that go test wrote, since the folder that this
# runs in may be gone by the time someone reads the output.
show_failing_input() {
	local input
	input=$(sed -n 's/^ *Failing input written to //p' "$2" | head -n 1)
	[[ -n $input ]] || return 0
	echo "$input:"
	head -c 4000 "$(go list -f '{{.Dir}}' "$1")/$input"
	echo
}

# fuzz_all FLAGS...: one step for the list and one for each target, or for one of each FUZZ_SAMPLE of them, in the same order every time.
fuzz_all() {
	local package target
	step 'fuzz targets' list_fuzz_targets "$tmp/targets"
	[[ -f $tmp/targets ]] || return 0
	while read -r package target <&3; do
		step "fuzz $target" fuzz "$package" "$target" "$@"
	done 3< <(awk -v of="${FUZZ_SAMPLE:-1}" 'NR % of == 0' "$tmp/targets")
}
