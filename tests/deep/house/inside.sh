#!/bin/bash
# Runs as root inside the booted machine; leaves one file per question in /srv/rig/out.
set -u
out=/srv/rig/out
python="/usr/bin/python3 -I /srv/rig"
store=/var/lib/tannha/store

override() { # UNIT LINES...
    mkdir -p "/run/systemd/system/$1.d"
    { echo '[Service]'; printf '%s\n' "${@:2}"; } >"/run/systemd/system/$1.d/rig.conf"
}

# until_says PROPERTY PATTERN: at most 20 s, then the file holds what was seen last
until_says() {
    for _ in $(seq 100); do
        systemctl show tannha-kiosk -p "$1" --value | grep -Eq "$2" && break
        sleep 0.2
    done
    systemctl show tannha-kiosk -p "$1" --value
}

override tannha-kiosk.service 'Environment=WLR_BACKENDS=headless WLR_RENDERER=pixman' 'ExecStart=' \
    "ExecStart=/usr/bin/cage -d -- $python/inside_kiosk.py" 'WatchdogSec=2s' 'RestartSec=100ms'
override tannha-sync.service 'ExecStart=' "ExecStart=$python/inside_courier.py /var/lib/tannha-sync/report.json" \
    'Type=oneshot' 'Restart=no'
override tannha-district.service 'ExecStart=' \
    "ExecStart=$python/inside_courier.py /var/lib/tannha-district/report.json" 'Type=oneshot' 'Restart=no'
systemctl daemon-reload
systemctl start sockets.target                                   # systemd.run starts before they are up

install -d -o tannha-sync -m 0700 /var/lib/tannha-sync          # as its first start leaves it
systemctl start tannha-kiosk >"$out/kiosk-start" 2>&1
cp "$store/report.json" "$out/kiosk.json"
systemctl show tannha-kiosk -p ActiveState --value >"$out/kiosk-state"
runuser -u nobody -- /usr/bin/python3 -I -c \
    'from smartcard import scard; print(scard.SCardEstablishContext(0)[0])' >"$out/nobody-pcsc" 2>&1

first=$(systemctl show tannha-kiosk -p MainPID --value)
systemctl start tannha-kiosk-restart.service >"$out/restart" 2>&1
second=$(systemctl show tannha-kiosk -p MainPID --value)
[ "$first" != "$second" ] && echo another >>"$out/restart"

pkill -KILL -u tannha-kiosk -f inside_kiosk.py
until_says NRestarts '^[1-9]' >"$out/after-kill"
until_says ActiveState '^active' >"$out/after-kill-state"

printf desk >"$store/silent"
chown tannha-kiosk: "$store/silent"
systemctl restart tannha-kiosk
until_says NRestarts '^[1-9]' >"$out/after-hang"
journalctl -u tannha-kiosk --no-pager -o cat >"$out/kiosk-journal"
systemctl stop tannha-kiosk

systemctl start tannha-sync >"$out/courier-start" 2>&1
cp /var/lib/tannha-sync/report.json "$out/courier.json"
systemctl start tannha-district >"$out/district-start" 2>&1
cp /var/lib/tannha-district/report.json "$out/district.json"
systemctl list-unit-files 'tannha*' --no-legend >"$out/units"
systemctl enable tannha-kiosk-restart.timer && systemctl start tannha-kiosk-restart.timer
systemctl list-timers --no-legend 'tannha*' >"$out/timers"

# From here on the real programs under the real units, enrolled as staff would.
rm -rf /run/systemd/system/tannha-{sync,district,kiosk}.service.d "$store"/* /var/lib/tannha/spool/*/* /var/lib/tannha-*/*
override tannha-kiosk.service 'Environment=WLR_BACKENDS=headless WLR_RENDERER=pixman LIBGL_ALWAYS_SOFTWARE=1'
systemctl daemon-reload
systemctl reset-failed

pin=271828
district() { runuser -u tannha-district -- tannha-district "$@" --json; }
device() { printf '%s\n' "$pin" | runuser -u tannha-kiosk -- tannha "$@"; }
{
    district init --area tan-an-thu --mode practice --url https://localhost:8443
    systemctl start tannha-district
    for _ in $(seq 100); do
        (exec 3<>/dev/tcp/127.0.0.1/8443) 2>/dev/null && break
        sleep 0.2
    done
    district operator add --id tam --name 'Lê Thị Tâm' --role supervisor
    qr=$(district device add --device TUI07 --label 'Túi 7' | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["qr"])')
    print=$(device enrol begin --qr "$qr" --operator tam --name 'Lê Thị Tâm' --label 'Túi 7' --quick)
    runuser -u tannha-sync -- tannha-sync enrol "$qr" --wait 60 &
    district device enrol --device TUI07 --fingerprint "$print" --wait 30
    wait %1
    device enrol finish
    systemctl start tannha-sync tannha-kiosk
} >"$out/enrolment" 2>&1
for _ in $(seq 100); do
    [ -e /var/lib/tannha/spool/status.json ] && break
    sleep 0.2
done
runuser -u tannha-kiosk -- cat /var/lib/tannha/spool/status.json >"$out/status.json"
pgrep -u tannha-kiosk -c Xwayland >"$out/windows"
for unit in kiosk sync district; do
    systemctl show "tannha-$unit" -p ActiveState,NRestarts --value | xargs >"$out/real-$unit"
    journalctl -u "tannha-$unit" --no-pager -o cat >"$out/real-$unit-journal"
done
