"""The first page: how things stand, in a sentence, a picture and the lists behind them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def overview(request: HttpRequest) -> HttpResponse:
    """What matters to this reader today."""
    return render(request, "overview/page.html", {"active": "overview"})
