"""The oracle: runs querylint's Markdown test cases on the real ORMs and counts queries.

`README.md` says what it promises, `python -m tests.oracle --help` how to run it. The way of a case
through the modules: `cases` reads it, `outline` and `expectations` say what it announces, `project`
writes its files, `session` runs its `calls` with `arguments`, `meter` counts, `judge` and `twins`
compare the counts with the announcements, `report` prints. What differs between Django and
SQLAlchemy, such as the rows in the tables, is behind the interface in `backend.base`.
"""
