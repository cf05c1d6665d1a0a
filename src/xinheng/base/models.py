"""The tables of the ground: people, branches, tokens, the company and its day, policy versions, audit, batches."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from xinheng.base.fields import CurrencyField


class Branch(models.Model):
    """A place of work inside an entity 分支机构: whose customers somebody may see, never a debtor's creditor."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person (or the console operator) who acts; what they may do follows from their roles and the signed policy."""

    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    code = models.CharField(_("salesperson code"), max_length=150, blank=True, db_index=True)
    roles = models.JSONField(_("roles"), default=list)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="people")
    supervisor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="team")
    language = models.CharField(_("language"), max_length=10, blank=True)
    #: Somebody else knows the password: nothing opens until its owner has chosen another.
    password_is_first = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name_zh or self.name_en or self.username

    @property
    def sales_code(self) -> str:
        """What stands for this person on customers and documents: the code, else the user name."""
        return self.code or self.username

    def name_in(self, language: str) -> str:
        """The name to show a reader of ``language`` ('zh…' or another)."""
        names = (self.name_zh, self.name_en) if language.startswith("zh") else (self.name_en, self.name_zh)
        return names[0] or names[1] or self.username


class Token(models.Model):
    """A user's key for the command line and other systems: only its fingerprint is kept, also after its end."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Answer(models.Model):
    """What the API answered to a write under an Idempotency-Key, with what was written; the policy says how long."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="answer_given_once")]
        indexes = [models.Index(fields=["by", "at"], name="answer_by_age")]


class Company(models.Model):
    """The one row that says whose books these are: name, currency, time zone, and the day it is for them."""

    name = models.CharField(_("name"), max_length=200)
    currency = CurrencyField(_("currency"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    business_date = models.DateField(_("business date"), null=True, blank=True)
    simulated = models.CharField(_("notice on simulated data"), max_length=300, blank=True)
    simulated_en = models.CharField(_("notice on simulated data, English"), max_length=300, blank=True)


class PolicyVersion(models.Model):
    """One version of the credit policy 信用政策, proposed by one person and signed by another."""

    class Status(models.TextChoices):
        SHIPPED = "SHIPPED", _("shipped, unsigned")
        PROPOSED = "PROPOSED", _("proposed")
        SIGNED = "SIGNED", _("signed")
        WITHDRAWN = "WITHDRAWN", _("withdrawn")

    version = models.PositiveIntegerField(unique=True)
    status = models.CharField(max_length=10, choices=Status)
    document = models.TextField()
    effective_from = models.DateField(null=True)
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    #: The version it was written against: what was signed after that, its author may not have seen.
    based_on = models.PositiveIntegerField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_note = models.TextField(blank=True)

    class Meta:
        ordering = ["-version"]


class PolicyDraft(models.Model):
    """What a person is writing and has not proposed 政策草稿: seen by them alone, with whatever mistakes it holds."""

    author = models.OneToOneField(User, models.PROTECT, related_name="+")
    based_on = models.PositiveIntegerField()
    #: The policy as plain values, the way a form left them, as JSON that keeps its order; TOML when it is proposed.
    written = models.TextField()
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Batch(models.Model):
    """One imported file: what it held, what became of its rows, and the fingerprint of what landed."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    rows_digest = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]


class Stream(models.Model):
    """The head of an audit chain that belongs to no credit account: policy, users, files, settings."""

    name = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class AuditLine(models.Model):
    """What somebody did: one line of a chain, never changed.  ``stream`` names the chain, e.g. ``holder:17``."""

    append_only = True

    stream = models.CharField(max_length=40)
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, db_constraint=False, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "sequence"], name="audit_line_in_its_place")]
        indexes = [models.Index(fields=["subject"], name="audit_line_subject")]


class Seal(models.Model):
    """The heads that moved since the seal before, under one root with it: no chain can be cut short unnoticed."""

    append_only = True

    at = models.DateTimeField()
    heads = models.JSONField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)


class SealedHead(models.Model):
    """Which head of each chain was sealed last, so that the next seal knows what moved; ``verify`` never asks it."""

    stream = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)


class SavedView(models.Model):
    """A list as somebody wants to find it again: filters, order and columns of an address, under a name.

    ``screen`` names the list's address, ``role`` whom it is shared with; what one may not see it does not show either.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="views")
    screen = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    role = models.CharField(_("shared with"), max_length=40, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "screen", "name"], name="view_named_once")]


class ShownColumns(models.Model):
    """Which columns of a list one person wants to see; without a row the list's own."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    screen = models.CharField(max_length=60)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "screen"], name="columns_chosen_once")]


class Job(models.Model):
    """Work done in the background 后台任务: who asked for it, how far it is, what came of it."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("failed")
        STOPPED = "STOPPED", _("stopped")

    kind = models.CharField(max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    arguments = models.JSONField(default=dict)
    #: What must happen once only has a name that no other job bears, such as a schedule's day.
    key = models.CharField(max_length=100, null=True, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    recorded_at = models.DateTimeField()
    not_before = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=40, blank=True)
    done = models.FloatField(default=0)
    of = models.FloatField(default=0)
    #: What came of it; set in the very transaction in which the work lands, so that nothing lands twice.
    result = models.JSONField(null=True)
    error = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict)
    stop_asked = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=32, blank=True)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "not_before"], name="job_by_state")]
        constraints = [
            # What has landed is done: nothing that waits, failed or was stopped has a result that could land again.
            models.CheckConstraint(
                condition=models.Q(state__in=["RUNNING", "DONE"]) | models.Q(result__isnull=True),
                name="job_without_result_until_done",
            )
        ]


class Schedule(models.Model):
    """A job that comes by itself once every business day, from a time of day on in the company's time zone."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    at = models.TimeField()
    is_on = models.BooleanField(default=True)


class SentForm(models.Model):
    """A form of a page that was taken: sent once more, it leads to what came of it and writes nothing.

    The row is written in the same transaction as what the form asked for, so neither stands without the other.
    """

    key = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    said = models.CharField(max_length=400, blank=True)
    address = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="form_taken_once")]
