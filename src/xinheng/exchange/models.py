"""What is kept of files beside their batches: mappings of headings, files on their way in, cells people corrected."""

from django.db import models
from django.utils.translation import pgettext_lazy


class SavedMapping(models.Model):
    """Which heading of a file is which field, for one kind of file."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    fields = models.JSONField()  # field → heading
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("base.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_named_once")]


class Upload(models.Model):
    """A file somebody brought to the page: what it is taken for, what was seen in it, what became of it.

    The bytes are kept under their digest and never changed; what people correct is kept beside them.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("upload", "not looked at yet")
        LOOKED = "LOOKED", pgettext_lazy("upload", "looked at")
        LANDED = "LANDED", pgettext_lazy("upload", "in the books")
        GIVEN_UP = "GIVEN_UP", pgettext_lazy("upload", "given up")

    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    #: Whether reading takes long enough to be left to a worker.
    large = models.BooleanField(default=False)
    #: Headings, samples of each column, and how well the headings fit each kind.
    table = models.JSONField()
    #: What was chosen: mapping, update, …
    options = models.JSONField(default=dict)
    #: What the last look, or the landing, found; rows and remarks only as far as a page shows them.
    found = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    #: The work under way, or the last there was.
    job = models.ForeignKey("base.Job", models.PROTECT, null=True, related_name="+")
    batch = models.OneToOneField("base.Batch", models.PROTECT, null=True, related_name="upload")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("base.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"], name="upload_by_state")]


class Correction(models.Model):
    """One cell of a file as somebody corrected it before the file landed; of several for one cell the last counts."""

    append_only = True

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="corrections")
    line = models.PositiveIntegerField()
    heading = models.CharField(max_length=200)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("base.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
