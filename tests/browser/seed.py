"""Fill a fresh home with the small company: run as a program, so that the product's own settings apply."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinheng.site.settings")
    import django

    django.setup()
    from tests.browser import company
    from xinheng.site import founding

    founding.bring_up_to_date()
    company.build()
    sys.exit(0)
