# shellcheck shell=bash
# The steps that hold what stands under deploy/ against what it says. Source it after lib.sh.
# shellcheck disable=SC2154 # tmp is of lib.sh

# A container that a failed step left holds mounts below the folder that is removed.
trap 'if [[ -d $tmp/images ]]; then engine rm --all --force --time 1 >/dev/null; fi; rm -rf "$tmp"' EXIT

# debian PACKAGE...: installs packages of Debian.
debian() {
	local as=()
	((EUID == 0)) || as=(sudo)
	retry "${as[@]}" apt-get update
	retry "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
}

# clone FOLDER: what is committed, and nothing else.
clone() {
	git clone --quiet --no-hardlinks "$(git rev-parse --show-toplevel)" "$1"
}

# dependencies: the list of what the program is made of is true, and what judges it can refuse.
dependencies() {
	go -C .ci/supply test .
	go -C .ci/supply run . check
}

# The program as it is released, built from a clone: what was never added shows here.
program() {
	in_git || {
		.ci/release program "$tmp/program"
		return
	}
	clone "$tmp/clone"
	"$tmp/clone/.ci/release" program "$tmp/program"
	"$tmp/clone/.ci/release" sbom "$tmp/program" "$tmp/sbom.cdx.json"
	[[ -z $(git -C "$tmp/clone" status --porcelain) ]] || {
		echo 'the build left files behind:'
		git -C "$tmp/clone" status --porcelain
		return 1
	}
}

# A second build in another folder, which compiles each of our packages anew, is the same to the byte. What others wrote is compiled once:
# .ci/deep compiles that anew, too.
reproducible() {
	in_git || {
		echo 'not in git: no commit to build, so once only'
		.ci/release program "$tmp/program"
		return
	}
	clone "$tmp/one"
	clone "$tmp/another/place"
	"$tmp/one/.ci/release" program "$tmp/program"
	mkdir "$tmp/cache"
	[[ ${1:-} == anew ]] || go -C "$tmp/one/.ci/supply" run . seed "$tmp/cache"
	GOCACHE=$tmp/cache GOFLAGS="$(go env GOFLAGS) -v" "$tmp/another/place/.ci/release" program "$tmp/again" 2>"$tmp/compiled"
	go list -deps ./cmd/stancebot | grep '^stancebot/' | sort >"$tmp/ours"
	grep '^stancebot/' "$tmp/compiled" | sort | comm -23 "$tmp/ours" - >"$tmp/kept"
	[[ ! -s $tmp/kept ]] || {
		echo 'these were not compiled a second time:'
		cat "$tmp/kept"
		return 1
	}
	echo "$(wc -l <"$tmp/ours") packages of ours compiled twice, $(grep -vc '^stancebot/' "$tmp/compiled" || true) of others"
	sha256sum "$tmp/program" "$tmp/again"
	cmp "$tmp/program" "$tmp/again"
	"$tmp/one/.ci/release" sbom "$tmp/program" "$tmp/sbom.cdx.json"
	"$tmp/another/place/.ci/release" sbom "$tmp/again" "$tmp/sbom.again"
	cmp "$tmp/sbom.cdx.json" "$tmp/sbom.again"
}

# podman builds and runs containers without a service. crun 1.8 cannot run beside cgroups of both versions, runc can.
container_tools() {
	if ! command -v podman || ! command -v runc; then
		debian podman runc
	fi
}

# engine ARGUMENTS...: podman with a store of this run's own, and without systemd, whose timers would ask for health.
engine() {
	DISABLE_HC_SYSTEMD=true podman --root "$tmp/images" --runroot "$tmp/containers" --storage-driver vfs --cgroup-manager cgroupfs --runtime runc "$@"
}

# boxed ARGUMENTS...: runs a container as the pages say: its file system read-only, no capability, no new privilege. The limits are
# named, since a runner may not be allowed to raise its own.
boxed() {
	engine run --read-only --cap-drop all --security-opt no-new-privileges --network none \
		--ulimit "nofile=$(ulimit -Hn):$(ulimit -Hn)" --ulimit nproc=1000:1000 "$@"
}

image() {
	local engine
	[[ -f $tmp/program ]] || .ci/release program "$tmp/program"
	[[ -f $tmp/sbom.cdx.json ]] || .ci/release sbom "$tmp/program" "$tmp/sbom.cdx.json"
	engine="podman --root $tmp/images --runroot $tmp/containers --storage-driver vfs --cgroup-manager cgroupfs"
	BUILDAH_ISOLATION=chroot PROGRAM=$tmp/program SBOM=$tmp/sbom.cdx.json ENGINE=$engine deploy/container/build stancebot:ci
	engine image inspect --format '{{.Size}} bytes, user {{.User}}, health {{.HealthCheck.Test}}, {{.Labels}}' stancebot:ci
	[[ $(engine image inspect --format '{{.User}}' stancebot:ci) == 65532:65532 ]]
}

# containers: the image runs as its pages say, and ends when it is asked to.
containers() {
	local said
	boxed --rm stancebot:ci version
	said=$(boxed --rm stancebot:ci ask 'stance peru')
	[[ $said == *Peru* ]]
	said=$(boxed --rm -e STANCEBOT_TIMEZONE=America/Lima stancebot:ci doctor)
	printf '%s\n' "$said"
	[[ $said != *FIX* ]]

	engine volume create state >/dev/null
	serve_in_container
	engine exec serving /usr/bin/stancebot desks assign telegram:-1 kept
	stop_container
	serve_in_container # on the same volume
	said=$(engine exec serving /usr/bin/stancebot desks)
	printf '%s\n' "$said"
	[[ $said == *kept* ]] || {
		echo 'the volume kept nothing'
		return 1
	}
	stop_container
}

# serve_in_container: starts serve, and awaits what the image's own health check says.
serve_in_container() {
	boxed --detach --name serving --volume state:/var/lib/stancebot stancebot:ci >/dev/null
	local try
	for try in {1..50}; do
		if engine healthcheck run serving >/dev/null 2>&1; then
			engine exec serving /usr/bin/stancebot health
			return
		fi
		sleep 0.2
	done
	echo "not ready after $try tries:"
	engine logs serving
	return 1
}

# stop_container: SIGTERM ends it well, and soon.
stop_container() {
	local status start=$SECONDS
	engine stop --time 30 serving >/dev/null
	status=$(engine inspect --format '{{.State.ExitCode}}' serving)
	echo "ended with $status after $((SECONDS - start)) s"
	engine rm serving >/dev/null
	((status == 0))
}

# systemd_tools: what verifies units; systemd itself need not run.
systemd_tools() {
	command -v systemd-analyze || debian systemd
}

# unit: the unit is well formed, leaves the service little to do harm with, and the program runs within what it leaves: with its command
# line, its settings, the credentials that it names and the system calls that it allows. A container stands for systemd, which needs to be
# the first process of a machine.
unit() {
	local dir=$tmp/systemd name
	mkdir -p "$dir/credentials"
	sed "s|/usr/local/bin/stancebot|$tmp/program|" deploy/systemd/stancebot.service >"$dir/stancebot.service"
	systemd-analyze verify --man=no "$dir/stancebot.service"
	# As it is meant to be filled in: every line that is a comment for want of a value.
	sed -i -E 's/^#(LoadCredential|Environment)=/\1=/' "$dir/stancebot.service"
	systemd-analyze verify --man=no "$dir/stancebot.service"
	# In tenths: 2.0 of 10 at most, which systemd calls OK.
	systemd-analyze security --offline=yes --no-pager --threshold=20 "$dir/stancebot.service" | tail -n 1

	printf 'xoxb-1-ci' >"$dir/credentials/slack_bot_token"
	printf 'xapp-1-ci' >"$dir/credentials/slack_app_token"
	printf '1:ci' >"$dir/credentials/telegram_token"
	printf '0123456789abcdef' >"$dir/credentials/web_token"
	printf 'sqlite:/var/lib/stancebot/ledger.sqlite' >"$dir/credentials/database_url"
	# Settings as they stand, then the unit's, with what systemd puts in for %S and %d. Nothing goes out: there is no net, and the platforms
	# are of this machine.
	{
		sed -n 's/^#\(STANCEBOT_.*\)/\1/p' deploy/systemd/stancebot.env
		sed -n 's/^Environment=//p' "$dir/stancebot.service" | sed 's|%S|/var/lib|; s|%d|/run/credentials/stancebot.service|'
		echo STANCEBOT_SLACK_API_URL=http://127.0.0.1:1/api/
		echo STANCEBOT_TELEGRAM_API_URL=http://127.0.0.1:1
	} >"$dir/env"
	for name in "$dir"/credentials/*; do
		grep -q "credentials/stancebot.service/$(basename "$name")\$" "$dir/env"
	done
	chmod -R a+rX "$tmp" "$dir"
	calls "$dir/stancebot.service" >"$dir/seccomp.json"
	local command
	read -ra command < <(sed -n 's/^ExecStart=[^ ]* //p' "$dir/stancebot.service")
	boxed --detach --name unit --security-opt "seccomp=$dir/seccomp.json" --env-file "$dir/env" --volume unit:/var/lib/stancebot \
		--volume "$dir/credentials:/run/credentials/stancebot.service:ro" stancebot:ci "${command[@]}" >/dev/null
	local try
	for try in {1..50}; do
		engine exec unit /usr/bin/stancebot health 2>/dev/null && break
		sleep 0.2
	done
	engine logs unit
	engine exec unit /usr/bin/stancebot desks # it writes and reads
	engine stop --time 30 unit >/dev/null
	[[ $(engine inspect --format '{{.State.ExitCode}}' unit) == 0 ]]
	engine rm unit >/dev/null
}

# calls UNIT: the system calls that a unit allows, as containers take it; what may be written may not be run.
calls() {
	local allowed
	allowed=$(comm -23 <(filtered "$1" '[^~]') <(filtered "$1" '~') | grep -vxE 'mmap|mprotect|pkey_mprotect|shmat' | sed 's/.*/"&"/' | paste -sd,)
	cat <<-PROFILE
		{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
		{"names": [$allowed], "action": "SCMP_ACT_ALLOW"},
		{"names": ["mmap"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 2, "value": 6, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]},
		{"names": ["mmap"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 2, "value": 6, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"}]},
		{"names": ["mmap"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 2, "value": 6, "valueTwo": 4, "op": "SCMP_CMP_MASKED_EQ"}]},
		{"names": ["mprotect", "pkey_mprotect"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 2, "value": 4, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}]}
	PROFILE
}

# filtered UNIT START: the calls of the filters that begin so, one a line, sorted.
filtered() {
	local sets set
	read -ra sets < <(sed -n "s/^SystemCallFilter=\($2\)/\1/p" "$1" | tr -d '~' | paste -sd' ')
	for set in "${sets[@]}"; do
		calls_of "$set"
	done | LC_ALL=C sort -u
}

# calls_of SET: the calls of a set of systemd's, and of the sets within it.
calls_of() {
	local entry
	while read -r entry; do
		case $entry in
		'' | '#'*) ;;
		@*) [[ $entry == "$1" ]] || calls_of "$entry" ;;
		*) echo "$entry" ;;
		esac
	done < <(systemd-analyze syscall-filter "$1")
}

# manifests_begun: compiles what judges manifests, with Helm and Kubernetes' types in it more than a minute of work where nothing was compiled
# before, while the machine waits for packages. How it went is seen when it is wanted.
manifests_begun() {
	go -C .ci/manifests build -o /dev/null . >/dev/null 2>&1 || true
}

# manifests: the chart and the compose file against those who will read them, and the program with what they set.
manifests() {
	go -C .ci/manifests build -o "$tmp/manifests" .
	"$tmp/manifests" chart deploy/helm/stancebot "$tmp/program"
	"$tmp/manifests" compose deploy/compose/compose.yaml "$tmp/program"
}
