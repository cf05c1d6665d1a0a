#!/bin/sh
# What precedes the server in production: the database brought to this version (repeatable, asks nothing), the static files
# collected under their hashed names. Used by the container and by deploy/xinheng.service. The worker has a service of its
# own: `worker` in deploy/compose.yaml, deploy/xinheng-worker.service.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
export DJANGO_SETTINGS_MODULE=xinheng.site.settings
"$here/.venv/bin/xinheng" init ${XINHENG_CURRENCY:+--currency "$XINHENG_CURRENCY"}
"$here/.venv/bin/python" -m django collectstatic --noinput --verbosity 0
"$here/.venv/bin/xinheng" nightly --keep-going & # seals every minute, ends with the server
exec "$here/.venv/bin/gunicorn" --config "$here/deploy/gunicorn.conf.py"
