"""What jobs, their states and the stages of their work are called."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinheng.base.errors import Unknown
from xinheng.base.jobs.kinds import Told, kind_of, titles
from xinheng.base.messages import text
from xinheng.base.models import Job

STATES = dict(Job.State.choices)
TONES = {"WAITING": "watch", "RUNNING": "normal", "DONE": "closed", "FAILED": "bad", "STOPPED": "closed"}
STAGES = {
    "reading": pgettext_lazy("stage", "reading the file"),
    "judging": pgettext_lazy("stage", "looking for mistakes"),
    "landing": pgettext_lazy("stage", "writing to the books"),
    "checking": pgettext_lazy("stage", "checking orders"),
    "beginning": pgettext_lazy("stage", "beginning the day"),
    "trying": pgettext_lazy("stage", "going through customers"),
    "writing": pgettext_lazy("stage", "writing the sheet"),
    "sweeping": pgettext_lazy("stage", "removing old files"),
}
NAMELESS = _("work this version does not know")


def title(job: Job) -> str:
    """What kind of work it is."""
    said = str(titles().get(job.kind, NAMELESS))
    return said[:1].upper() + said[1:]


def told(job: Job) -> Told:
    """What it is about and what came of it; nothing of a kind that this version does not know."""
    try:
        return kind_of(job.kind).told(job)
    except Unknown:
        return Told()


def came_of(job: Job, said: Told) -> str:
    """What came of it in one line: the error in words, else the result."""
    if job.error:
        params = job.error_params
        # Where a file lies on the server is nobody's business.
        return text(job.error, {**params, **({"path": Path(params["path"]).name} if "path" in params else {})})
    return " ".join([*said.came, *(head for head, _rows in said.lists)])


def stage(job: Job) -> str:
    """What it does at the moment."""
    return str(STAGES.get(job.stage, job.stage))


def percent(job: Job) -> int | None:
    """How much of its stage is done; None where nobody knows."""
    return min(100, int(100 * job.done / job.of)) if job.of else None
