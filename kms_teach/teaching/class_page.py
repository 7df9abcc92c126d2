"""A class's grades as one page of HTML: the picture, a table of learners, and what is to be said of single files."""

from html import escape

from kms_teach.teaching.class_picture import class_picture
from kms_teach.teaching.grading import Report

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #16202A; max-width: 900px; margin: 24px auto; padding: 0 16px; }
table { border-collapse: collapse; }
th, td { padding: 3px 12px 3px 0; text-align: left; border-bottom: 1px solid #CDD3D8; }
img { max-width: 100%; }
"""


def page(report: Report) -> str:
    """The page, whole, with nothing to be fetched."""
    title = escape(report.assignment.title)
    parts = [f"<h1>{title}</h1>"]
    if report.grades and report.missed:
        parts.append(class_picture(report).html())
    tasks = report.assignment.tasks
    heads = ["learner", "handed in", "right", "of", *(".".join(task) for task in tasks)]
    rows = [
        [grade.learner, f"{grade.at:%Y-%m-%d %H:%M}{', late' if grade.late else ''}", str(grade.score.right),
         str(grade.score.asked), *("done" if task in grade.tasks else "" for task in tasks)]
        for grade in report.grades
    ]  # fmt: skip
    parts.append(_table(heads, rows) if rows else "<p>Nobody has handed in an answer yet.</p>")
    if report.remarks:
        parts.append(
            "<h2>Files to look at</h2><ul>" + "".join(f"<li>{escape(each)}</li>" for each in report.remarks) + "</ul>"
        )
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _table(heads: list[str], rows: list[list[str]]) -> str:
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
