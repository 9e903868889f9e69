"""Runs a function in a process of its own, so that caches, settings and rows never meet others."""

import os
import pickle
import random
import signal
import traceback


class Crash(Exception):
    """The process ended without an answer; the text says how."""


def in_fork(seconds, function, *arguments):
    """What `function` returns in a fork of this process. Raises Crash when it fails or is late."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        answer_and_exit(writer, seconds, function, arguments)
    os.close(writer)
    with open(reader, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        raise Crash(f"took longer than {seconds} seconds")
    if not answer:
        raise Crash(f"its process ended with status {status}")
    is_value, value = pickle.loads(answer)
    if not is_value:
        raise Crash(value)
    return value


def answer_and_exit(writer, seconds, function, arguments):
    """The child's side: writes (True, value) or (False, traceback), and never returns."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    random.seed(0)
    try:
        answer = pickle.dumps((True, function(*arguments)))
    except BaseException:
        answer = pickle.dumps((False, traceback.format_exc()))
    with open(writer, "wb") as pipe:
        pipe.write(answer)
    os._exit(0)


def silence():
    """What the code under test prints is not the oracle's output."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def describe(error, root):
    """The error and the lines of the test that led to it."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        f"{frame.filename.removeprefix(f'{root}/')}:{frame.lineno}"
        for frame in frames
        if frame.filename.startswith(f"{root}/")
    ]
    where = f" at {' > '.join(places)}" if places else ""
    return f"{type(error).__name__}: {error}{where}"
