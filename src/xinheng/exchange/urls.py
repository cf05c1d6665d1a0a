"""Addresses of imports."""

from django.urls import path

from xinheng.exchange.pages import batch, upload
from xinheng.exchange.pages.lists import Imports

app_name = "imports"
urlpatterns = [
    path("", Imports.as_view(), name="list"),
    path("bring/", upload.bring, name="bring"),
    path("files/<id:pk>/", upload.upload, name="upload"),
    path("files/<id:pk>/describe/", upload.describe, name="describe"),
    path("files/<id:pk>/correct/", upload.correct, name="correct"),
    path("files/<id:pk>/rows/<id:line>/", upload.row, name="row"),
    path("files/<id:pk>/look/", upload.look, name="look"),
    path("files/<id:pk>/land/", upload.land, name="land"),
    path("files/<id:pk>/stop/", upload.stop, name="stop"),
    path("files/<id:pk>/give-up/", upload.give_up, name="give-up"),
    path("files/<id:pk>/progress/", upload.progress, name="progress"),
    path("files/<id:pk>/original/", upload.original, name="upload-original"),
    path("files/<id:pk>/rejects/", upload.rejects, name="upload-rejects"),
    path("<id:pk>/", batch.batch, name="batch"),
    path("<id:pk>/undo/", batch.undo, name="undo"),
    path("<id:pk>/original/", batch.original, name="original"),
    path("<id:pk>/rejects/", batch.rejects, name="rejects"),
]
