"""What every page shows around its content: the company, its day, whether its data are simulated."""

from django.http import HttpRequest

from xinheng.base.models import Company


def shell(request: HttpRequest) -> dict[str, object]:
    """The company row for the page shell, None before ``init``."""
    return {"company": Company.objects.first() if request.user.is_authenticated else None}
