"""``xinheng run``: it says where it is, shares its home, and ends with all it started."""

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import pytest

SECONDS = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(founded):
    """``start()``: a running server and its address; the pipe ends when the last process of it has ended."""
    running = []

    def serve(*words):
        port = free_port()
        process = subprocess.Popen(
            founded.command("run", "--no-demo", "--port", str(port), *words),
            env=founded.surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        running.append(process)
        said = ""
        while "http://" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        return process, re.search(r"http://\S+/", said)[0], port

    yield serve
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def answers(address):
    with urllib.request.urlopen(f"{address}accounts/login/", timeout=SECONDS) as page:
        return page.status


#: To the whole group, as Ctrl-C does; or to the first process only, as a service manager does.
WAYS = {
    "Ctrl-C": lambda process: os.killpg(process.pid, signal.SIGINT),
    "SIGTERM": lambda process: process.terminate(),
}


@pytest.mark.parametrize("how", WAYS)
def test_it_ends_with_everything_it_started_and_without_a_traceback(start, how):
    process, address, port = start()
    assert answers(address) == 200
    WAYS[how](process)
    said, _ = process.communicate(timeout=SECONDS)  # until nobody holds the pipe any more
    assert process.returncode == 0
    assert "Traceback" not in said
    assert "Aborted" not in said
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))


def test_two_serve_one_home_and_one_port_serves_one(start, founded):
    _, first, port = start("--workers", "1")
    _, second, _ = start("--workers", "1")
    assert answers(first) == answers(second) == 200
    assert founded.run("verify").code == 0
    answer = founded.run("run", "--no-demo", "--port", str(port))
    assert answer.code == 2
    assert answer.err.startswith("PORT_IN_USE: ")
    assert str(port) in answer.err


def test_an_address_of_another_machine_is_a_sentence(founded):
    answer = founded.run("run", "--no-demo", "--host", "192.0.2.1", "--port", str(free_port()))
    assert (answer.code, answer.err.split(":")[0]) == (2, "ADDRESS_REFUSED")


def test_the_demo_needs_books(empty):
    answer = empty().run("demo")
    assert (answer.code, answer.err.split(":")[0]) == (1, "NOT_FOUNDED")


def test_an_address_too_long_for_the_server_is_told_in_both_languages(start):
    _, address, _ = start("--workers", "1")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address}search/?q={'x' * 9_000}", timeout=SECONDS)
    said = refused.value.read().decode()
    assert refused.value.code == 414
    assert "地址太长" in said
    assert "This address is too long" in said
    assert answers(address) == 200
