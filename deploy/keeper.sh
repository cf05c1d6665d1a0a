#!/bin/sh
# What is done beside the server, for compose.yaml (systemd has a timer instead): once a day everything is backed up into
# XINHENG_HOME/backups and old sessions go. A failure says so and is tried again next hour.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
export DJANGO_SETTINGS_MODULE=xinheng.site.settings
mkdir -p "$XINHENG_HOME/backups"
trap 'exit 0' TERM INT
while :; do
    sleep 3600 &
    wait $!
    backup=$XINHENG_HOME/backups/xinheng-$(date +%F).tar.gz
    if [ ! -e "$backup" ]; then
        "$here/.venv/bin/xinheng" backup "$backup" || echo "keeper: the backup failed" >&2
        "$here/.venv/bin/xinheng" manage clearsessions || echo "keeper: old sessions stay" >&2
    fi
done
