"""The page of evidence: it stands alone, and shows what others wrote as text."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from tests.commands import CHECKOUT
from tests.evidence.filled import ask, filled_in, put


class Page(HTMLParser):
    """What a browser would see of a page: its elements, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILE = (
    "</pre></code><script>alert(1)</script> <img src=x onerror=alert(2)> ```` ```\n```\n<iframe src=//x></iframe>\n"
    "$$\n<b>\n$$ \\begin{x}<svg onload=alert(3)>\\end{x} [a](javascript:alert(4)) {{ x }} ${body} \x1b[31m \ud800\n"
)


def test_page_stands_alone_and_shows_what_was_filled_in_as_text(pack_folder: Path, file: Path) -> None:
    notebook = filled_in()
    put(notebook, "02-backup-record", "Next: 30-create.\n", HOSTILE)
    put(notebook, "04-create", "## Step", f"{HOSTILE}## Step")
    notebook["cells"].append({"id": "<b>\n# x", "cell_type": "markdown", "metadata": {}, "source": HOSTILE})
    page_file = file.with_suffix(".html")
    done = ask(notebook, file, pack_folder, "--html", page_file)
    assert (done.code, done.err) == (1, f"Written: {page_file}\n")
    text = page_file.read_text(encoding="utf-8")
    page = Page(text[text.index("<body>") :])
    assert page.tags <= {
        *(
            "body",
            "main",
            "div",
            "h1",
            "h2",
            "h3",
            "p",
            "strong",
            "code",
            "pre",
            "span",
            "ul",
            "ol",
            "li",
            "blockquote",
        ),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert page.attributes <= {"class", "id"}  # the ids are numbers of our own
    assert page.text.count("<script>alert(1)</script> <img src=x onerror=alert(2)> ```` ```") == 3
    assert page.text.count("<svg onload=alert(3)>") == 3
    assert "It is NOT as approved" in page.text
    assert all(word not in text for word in ('src="', "url(", "@import", "<link", "\x1b"))
    assert "default-src 'none'" in text


def test_page_is_the_same_again_and_replaces_no_file(pack_folder: Path, file: Path) -> None:
    first, second = file.with_name("1.html"), file.with_name("2.html")
    assert ask(filled_in(), file, pack_folder, "--html", first).code == 0
    assert ask(filled_in(), file, pack_folder, "--html", second).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert str(file.parent) not in first.read_text(encoding="utf-8")
    done = ask(filled_in(), file, pack_folder, "--html", first)
    assert (done.code, done.err) == (
        4,
        f"mm365: --html '{first}' is there already; choose another name, or remove it.\n",
    )


def test_page_needs_no_jupyter(pack_folder: Path, file: Path) -> None:
    file.write_text(json.dumps(filled_in()))
    jupyter = ("nbformat", "nbconvert", "jupyter_core", "IPython", "ipywidgets")
    without = f"import sys; sys.modules.update(dict.fromkeys({jupyter})); from mm365.cli.main import main; main()"
    command = [sys.executable, "-c", without, "evidence", str(file), "--pack", str(pack_folder)]
    command += ["--html", str(file.with_suffix(".html"))]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, f"Written: {file.with_suffix('.html')}\n")
    assert file.with_suffix(".html").read_bytes().startswith(b"<!DOCTYPE html>")
