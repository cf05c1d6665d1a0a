"""gunicorn in production: behind a proxy that ends TLS (deploy/xinheng.service, deploy/compose.yaml).

Every number can be set from the environment. A worker answers with several threads, because a request mostly waits for
the database; workers are for the other cores.
"""

import os
from pathlib import Path

wsgi_app = "xinheng.site.wsgi:application"
bind = os.environ.get("XINHENG_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("XINHENG_WORKERS") or min(os.cpu_count() or 1, 8))
threads = int(os.environ.get("XINHENG_THREADS") or 4)
worker_class = "gthread"
#: A large file is staged while its request is open; longer work than this belongs to the command line.
timeout = int(os.environ.get("XINHENG_TIMEOUT") or 120)
#: On a stop, requests under way may finish: the transaction they are in commits or rolls back as a whole.
graceful_timeout = 30
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
#: The heartbeat file does not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, not a shared scratch folder
accesslog = "-" if os.environ.get("XINHENG_ACCESS_LOG") == "1" else None
errorlog = "-"
