#!/usr/bin/env bash
# A new user's way: the wheel in an empty virtual environment, a fresh Django project, the hook, and a
# commit that is refused, repaired and let through. QUERYLINT_BINARY names the binary that is packed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp --directory)
trap 'rm -rf "$scratch"' EXIT

fail() {
  printf 'new_user: %s\n' "$@" >&2
  exit 1
}

# What the output of the last `try` has to say.
says() {
  [[ $output == *"$1"* ]] || fail "this is not said: $1" "$output"
}

# Runs a command that has to end with a code.
try() {
  local wanted=$1 code=0
  shift
  output=$("$@" 2>&1) || code=$?
  ((code == wanted)) || fail "'$*' ended with $code instead of $wanted" "$output"
}

unset "${!GIT_@}"
export GIT_{AUTHOR,COMMITTER}_NAME=user GIT_{AUTHOR,COMMITTER}_EMAIL=user@example.com
export PRE_COMMIT_HOME=$scratch/pre-commit XDG_CACHE_HOME=$scratch/cache
export PIP_FIND_LINKS="$scratch/dist ${PIP_FIND_LINKS:-}"

# As if the version were published: its wheel where pip looks, and the mirror for pre-commit.
try 0 "$root/build/venv_build/bin/python" -m build --wheel --outdir "$scratch/dist" \
  -C cmake.define.QUERYLINT_PREBUILT="$QUERYLINT_BINARY" "$root"
try 0 "$root/dev" mirror "$scratch/mirror"
try 0 git -C "$scratch/mirror" init
try 0 git -C "$scratch/mirror" add --all
try 0 git -C "$scratch/mirror" commit --message "querylint"
try 0 git -C "$scratch/mirror" tag v1

# The user's part begins.
cd "$scratch"
try 0 python3 -m venv venv
source venv/bin/activate
try 0 pip install --constraint "$root/tests/packaging/requirements.txt" querylint django pre-commit

try 0 django-admin startproject bookshop
cd bookshop
try 0 python manage.py startapp shop
cat >shop/models.py <<'END'
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=80)


class Book(models.Model):
    title = models.CharField(max_length=120)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
END
cat >.pre-commit-config.yaml <<END
repos:
- repo: $scratch/mirror
  rev: v1
  hooks:
  - id: querylint
END
try 0 querylint check
try 0 git init
try 0 pre-commit install
try 0 git add .
try 0 git commit --message "A bookshop"

cat >shop/views.py <<'END'
from django.shortcuts import render

from .models import Book


def index(request):
    books = Book.objects.order_by("title")
    return render(request, "index.html", {"lines": [f"{book.title} by {book.author.name}" for book in books]})
END
try 0 git add .
try 1 git commit --message "A page"
says "--> shop/views.py:8:"
says "1 + N queries, one per row of Book"
says '.select_related("author")'

try 0 querylint check --fix
says "Fixed 1 problem, none left."
try 0 grep --fixed-strings 'Book.objects.order_by("title").select_related("author")' shop/views.py
try 0 git add .
try 0 git commit --message "A page"
says "Passed"
