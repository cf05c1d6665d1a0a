"""Files through the page as a person sends them, and a worker that does what waits."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinheng.base.jobs.worker import Worker
from xinheng.exchange.models import Upload

LIST = "/settings/imports/"


def bring(client, text, name="rows.csv") -> Upload:
    """Send a file; it is there."""
    content = text.encode() if isinstance(text, str) else text
    answer = client.post(f"{LIST}bring/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content[:500]
    return Upload.objects.latest("id")


def press(client, what, upload, **sent):
    """Press one of the page's buttons."""
    return client.post(reverse(f"imports:{what}", args=[upload.pk]), sent, follow=True)


def see(client, upload) -> str:
    """The page of the file."""
    answer = client.get(reverse("imports:upload", args=[upload.pk]), follow=True)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def answer_of(page) -> str:
    """The sentence above a page."""
    return re.search(r'<p class="answer" id="answer">([^<]*)', page)[1]


def work() -> None:
    """A worker does all that waits."""
    worker = Worker()
    while worker.one():
        pass


def again(upload: Upload) -> Upload:
    """The file as it stands now."""
    return Upload.objects.select_related("job", "batch").get(pk=upload.pk)
