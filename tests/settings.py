"""Django's settings for tests: the product's own, in a home of the run's own, with static files served unhashed.

pytest-django reads settings before any conftest, so what the product takes from the environment is said here.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("XINHENG_TESTING", "1")
if "XINHENG_HOME" not in os.environ:
    os.environ["XINHENG_HOME"] = tempfile.mkdtemp(prefix="xinheng-test-")
    atexit.register(shutil.rmtree, os.environ["XINHENG_HOME"], ignore_errors=True)

from xinheng.site.settings import *  # noqa: F403
