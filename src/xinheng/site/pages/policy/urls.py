"""Addresses of the policy."""

from django.urls import path

from xinheng.site.pages.policy import deciding, reading, trying, writing
from xinheng.site.pages.policy.history import Versions

app_name = "policy"
urlpatterns = [
    path("", reading.in_force, name="in-force"),
    path("sections/<slug:name>/", reading.section, name="section"),
    path("versions/", Versions.as_view(), name="versions"),
    path("versions/<id:number>/", reading.version, name="version"),
    path("versions/<id:number>/sign/", deciding.sign, name="sign"),
    path("versions/<id:number>/withdraw/", deciding.withdraw, name="withdraw"),
    path("versions/<id:number>/return/", deciding.go_back, name="return"),
    path("draft/", writing.draft, name="draft"),
    path("draft/begin/", writing.begin, name="begin"),
    path("draft/together/", writing.together, name="together"),
    path("draft/propose/", deciding.propose, name="propose"),
    path("draft/give-up/", deciding.give_up, name="give-up"),
    path("draft/<slug:name>/", writing.edit, name="edit"),
    path("try/", trying.ask, name="try"),
    path("try/<id:number>/", trying.trial, name="trial"),
    path("try/<id:number>/stop/", trying.stop, name="stop"),
    path("try/<id:number>/again/", trying.again, name="again"),
]
