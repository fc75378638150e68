#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# How guests begin and end, also when something is killed, missing, broken or full.
# shellcheck source=tests/host/lib.sh
. "$(dirname "$0")/lib.sh"
side=$tmp/side
side_checkout "$side"
vm=$side/scripts/vm
trap '"$vm" down >/dev/null 2>&1; rm -rf "$tmp"' EXIT

# The QEMU that the lab uses, as one program.
cat >"$tmp/real" <<END
#!/bin/sh
usr='$(readlink -f "$side/.cache/guest/current/qemu")/usr'
lib=\$usr/lib/x86_64-linux-gnu
exec "\$lib/ld-linux-x86-64.so.2" --library-path "\$lib:\$lib/pulseaudio" "\$usr/bin/qemu-system-x86_64" -L "\$usr/share/qemu" -L "\$usr/share/seabios" "\$@"
END
chmod +x "$tmp/real"
export REAL=$tmp/real

ktap_print_header
ktap_set_plan 26

out=$("$vm" exec -- uname -s 2>&1)
has "the first guest is booted, saved and used" "^Linux$" "$out"
has "... which accelerator, and why, is told once" "guests run under (TCG|KVM): " "$out"
is "... and never again" "Linux" "$("$vm" exec -- uname -s 2>&1)"
is "no guest is left behind unasked" 0 "$(guests_below "$side")"
is "a fresh guest knows nothing of an earlier one" "gone" \
	"$("$vm" exec -- touch /root/mark; "$vm" exec -- sh -c '[ -e /root/mark ] || echo gone')"
is "two fresh guests have different random numbers" 2 \
	"$(for i in 1 2; do "$vm" exec -- sh -c 'head -c 8 /dev/urandom | od -An -tx8'; done | sort -u | wc -l)"
is "a fresh guest knows the time" 1 \
	"$(before=$(date +%s); t=$("$vm" exec -- date +%s); now=$(date +%s); [ $((before - t)) -le 2 ] && [ $((t - now)) -le 2 ] && echo 1)"

for i in 1 2 3; do "$vm" exec -- sh -c 'sleep 1; echo done' & done >"$tmp/three"
wait
is "several at once" 3 "$(grep -c done "$tmp/three")"

# One that stays.
is "up" "the guest is up" "$("$vm" up 2>&1 | grep -o '^the guest is up')"
is "up twice is up once" "already up 1" "$("$vm" up | grep -o 'already up') $(guests_below "$side")"
is "two checkouts side by side do not meet" "gone" \
	"$("$vm" exec -- touch /root/mark; scripts/vm exec --fresh -- sh -c '[ -e /root/mark ] || echo gone')"
kill -KILL "$(cat "$side/.cache/run/up/pid")"
eventually sh -c "! kill -0 $(cat "$side/.cache/run/up/pid") 2>/dev/null"
has "a killed QEMU is noticed" "is gone.*" "$("$vm" status 2>&1)"
has "... and tidied up" "no guest was up" "$("$vm" down 2>&1)"
"$vm" up >/dev/null 2>&1
sleep 600 &
echo $! >"$side/.cache/run/up/pid" # a stale pid, by now somebody else's
"$vm" down >/dev/null 2>&1
is "a stale pid file kills nobody" "alive 0" "$(kill -0 $! && echo alive) $(guests_below "$side")"
kill $!

# A guest that ends under a command.
out=$("$vm" exec -- sh -c 'echo c >/proc/sysrq-trigger' 2>&1)
is "a panic is an environment error" 3 $?
has "... with the console's last lines" "sysrq: Trigger a crash|Kernel panic" "$out"
"$vm" exec -- sh -c 'echo o >/proc/sysrq-trigger; sleep 60' >/dev/null 2>&1
is "a guest that powers off, too" 3 $?

# A starter that is killed.
"$vm" exec -- sleep 4243 &
starter=$!
eventually sh -c "pgrep -f '$side/.cache/guest.*vmlinux' >/dev/null"
sleep 1
kill -KILL $starter
wait $starter 2>/dev/null
is "a killed starter takes its guest along" 0 "$(eventually sh -c "[ \"\$(pgrep -fc '$side/.cache/guest.*vmlinux')\" = 0 ]"; guests_below "$side")"
"$vm" exec -- true
is "... and what it left is swept up" 0 "$(find "$side/.cache/run" -mindepth 1 -maxdepth 1 | wc -l)"

# A saved state that is of no use.
state=$(echo "$side"/.cache/guest/current/state-*.zst)
truncate -s 2000000 "$state"
out=$("$vm" exec -- echo hello 2>&1)
has "a damaged state is thrown away" "does not resume" "$out"
has "... and a guest is booted instead" "^hello$" "$out"
printf '#!/bin/sh\n[ "$1" = --version ] && echo "QEMU emulator version 99.0" || exec "$REAL" "$@"\n' >"$tmp/other"
chmod +x "$tmp/other"
has "a state of another QEMU is not used" "saving its state" "$(ONCPU_QEMU=$tmp/other "$vm" exec -- true 2>&1)"

# /dev/kvm as it may be: a QEMU that pretends.
pretend() { # $1: what it does when asked for KVM
	cat >"$tmp/qemu" <<-END
		#!/bin/bash
		[ "\$1" = --version ] && { echo "pretended QEMU: $1"; exit; }
		case " \$* " in *" -accel kvm "*) $1 ;; esac
		exec "\$REAL" "\$@"
	END
	chmod +x "$tmp/qemu"
	ONCPU_QEMU=$tmp/qemu "$vm" exec -- echo hello 2>&1
}
export ONCPU_KVM=/dev/null # is there, and open to all
out=$(pretend 'exec sleep 1000')
has "a KVM that hangs is found out, and TCG used" "TCG: /dev/kvm is there, but.*failed after 15" "$out"
out=$(ONCPU_KVM_LIMIT_S=300 pretend 'exec "$REAL" "${@/#kvm/tcg}" -cpu max') # no KVM, so a slow boot
has "a KVM that works is used" "under KVM: a guest booted under it" "$out"
out=$(ONCPU_KVM=/dev/no-kvm "$vm" exec -- true 2>&1)
has "no /dev/kvm" "TCG: there is no /dev/no-kvm" "$out"

# A full disk.
mkdir "$side/full" && cp -r scripts "$side/full/"
if mount -t tmpfs -o size=30m full "$side/full" 2>/dev/null; then
	cp -r scripts "$side/full/"
	out=$("$side/full/scripts/vm" build 2>&1)
	umount "$side/full"
	has "a disk that is too small is told before work begins" "needs [0-9]+ GB .* GB left" "$out"
else
	skip "a disk that is too small" "needs root to mount a small one"
fi
ktap_finished
