"""Runs tests for an oracle in another interpreter, whose ORM they do not suit: tasks and answers
go through standard input and output.
"""

import pickle
import sys

from .suite import run_tests


def main():
    tests, families, jobs = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(run_tests(tests, families, jobs)))


if __name__ == "__main__":
    main()
