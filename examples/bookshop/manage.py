#!/usr/bin/env python
"""Runs the bookshop: `manage.py migrate`, `manage.py fill_shop`, `manage.py runserver`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookshop.settings")
    execute_from_command_line(sys.argv)
