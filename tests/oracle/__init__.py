"""The oracle: runs querylint's Markdown test cases on the real Django and counts queries.

`README.md` says what it promises, `python -m tests.oracle --help` how to run it. The way of a case
through the modules: `cases` reads it, `outline` and `expectations` say what it announces, `project`
turns it into a Django project, `data` fills the tables, `calls` and `arguments` call its functions,
`meter` counts, `judge` and `twins` compare the counts with the announcements, `report` prints.
"""
