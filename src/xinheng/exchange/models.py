"""Headings matched once and kept by name, for files that come every month."""

from django.db import models


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
