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
