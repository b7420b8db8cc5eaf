"""The launcher: what it looks for, what it hands over, and what it says when the machine lacks something.

It is run for real, in a folder of its own; java, javac and the Maven wrapper are small scripts there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

JAVA = """#!/bin/sh
if [ "$1" = -version ]; then
  echo 'openjdk version "{version}" 2025-01-01' >&2
else
  echo "home=$DUALFORM_HOME root=$DUALFORM_ROOT"
  for word; do echo "<$word>"; done
fi
"""
BUILD = """#!/bin/sh
echo "$*" >>builds
sleep 1
mkdir -p cli/target dev/target/lib tasks/target
touch dev/target/lib/picocli-4.jar dev/target/lib/pytorch-native-cpu-2.jar
touch cli/target/dualform-cli.jar dev/target/dualform-dev.jar tasks/target/dualform-task.jar
"""


class Machine:
    """A project folder with a launcher, and a folder of programs."""

    def __init__(self, folder: Path, launcher: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.programs = folder / "jdk" / "bin"
        self.programs.mkdir(parents=True)
        self.project.mkdir()
        shutil.copy(launcher, self.project / "dualform")
        for name in [
            "pom.xml",
            "contract/schema/spec.json",
            "contract/chain.json",
            "cli/pom.xml",
            "cli/src/main/A.java",
        ]:
            (self.project / name).parent.mkdir(parents=True, exist_ok=True)
            (self.project / name).touch()
        self.program("java", JAVA.format(version="17.0.15"))
        self.program("javac", "#!/bin/sh\n")
        self.builds_by(BUILD)

    def program(self, name: str, text: str) -> None:
        write(self.programs / name, text)

    def builds_by(self, text: str) -> None:
        write(self.project / "mvnw", text)

    def start(self, *words: str, command: str | None = None, **environment: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUALFORM_", "JAVA_"))}
        return subprocess.Popen(
            [command or str(self.project / "dualform"), *words],
            cwd=self.folder,
            env={**kept, "PATH": f"{self.programs}:/usr/bin:/bin", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, *words: str, command: str | None = None, **environment: str) -> tuple[int, str, str]:
        process = self.start(*words, command=command, **environment)
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    def builds(self) -> int:
        return len((self.project / "builds").read_text().splitlines())


def write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, root: Path) -> Machine:
    return Machine(tmp_path, root / "dualform")


def test_words_are_handed_over_as_they_are(machine: Machine) -> None:
    code, output, _ = machine.call("run", "--model", "a b", "", "*")
    assert code == 0
    assert output.splitlines()[-5:] == ["<run>", "<--model>", "<a b>", "<>", "<*>"]


@pytest.mark.parametrize("changed", ["cli/src/main/A.java", "contract/chain.json"])
def test_built_once_and_again_after_a_change(machine: Machine, changed: str) -> None:
    for _ in range(2):
        assert machine.call("status")[0] == 0
    assert machine.builds() == 1
    later = time.time() + 5
    os.utime(machine.project / changed, (later, later))
    machine.call("status")
    assert machine.builds() == 2


def test_relative_home_is_relative_to_the_users_folder(machine: Machine) -> None:
    _, output, _ = machine.call("status", DUALFORM_HOME="my state")
    assert f"home={machine.folder / 'my state'} root={machine.project}" in output


def test_called_through_symbolic_links(machine: Machine) -> None:
    links = machine.folder / "links"
    links.mkdir()
    (links / "first").symlink_to("../project/dualform")
    (links / "second").symlink_to(links / "first")
    code, output, _ = machine.call("status", command=str(links / "second"))
    assert code == 0
    assert f"root={machine.project}" in output


@pytest.mark.parametrize("locale", ["C", "POSIX", "xx_XX.UTF-8", ""])
def test_names_outside_ascii_whatever_the_locale(machine: Machine, locale: str) -> None:
    machine.builds_by(BUILD.replace("sleep 1\n", ""))
    machine.program("java", JAVA.format(version="17.0.15") + 'locale charmap; echo "LC_ALL=$LC_ALL"\n')
    code, output, errors = machine.call("run", "häuser", DUALFORM_HOME="zustände", LC_ALL=locale, LC_CTYPE="", LANG="")
    assert (code, errors.count("dualform:")) == (0, 1)  # one line, of the build
    assert f"home={machine.folder / 'zustände'}" in output
    assert "<häuser>" in output
    assert output.splitlines()[-2] == "UTF-8"


def test_a_locale_of_utf8_is_left_as_it_is(machine: Machine) -> None:
    machine.program("java", JAVA.format(version="17.0.15") + 'echo "LC_ALL=${LC_ALL-none} $LC_CTYPE"\n')
    environment = {name: value for name, value in os.environ.items() if name not in {"LC_ALL", "LANG"}}
    process = subprocess.run(
        [str(machine.project / "dualform"), "status"],
        env={**environment, "PATH": f"{machine.programs}:/usr/bin:/bin", "LC_CTYPE": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.splitlines()[-1] == "LC_ALL=none C.UTF-8"


def test_without_a_locale_of_utf8_names_outside_ascii_are_refused(machine: Machine) -> None:
    machine.program("locale", '#!/bin/sh\n[ "$1" = -a ] && printf "C\\nPOSIX\\n" || echo ANSI_X3.4-1968\n')
    assert machine.call("status", LC_ALL="C")[0] == 0
    code, _, errors = machine.call("status", LC_ALL="C", DUALFORM_HOME="zustände")
    assert code == 78
    assert "ANSI_X3.4-1968" in errors
    assert "apt-get install locales" in errors


def test_a_colon_in_a_path_is_refused_with_the_way_out(machine: Machine) -> None:
    code, _, errors = machine.call("status", DUALFORM_HOME="my:state")
    assert code == 78
    assert f"The state folder is {machine.folder / 'my:state'}. A colon" in errors
    assert "DUALFORM_HOME" in errors
    odd = machine.project.rename(machine.folder / "pro:ject")
    code, _, errors = machine.call("status", command=str(odd / "dualform"))
    assert code == 78
    assert f"The folder of this checkout is {odd}. A colon" in errors


@pytest.mark.parametrize(
    "name", ["my project", "it's", 'a"b', "a*b", "a?b", "100%20", "[a]", "a#b", "a$HOME", "a;b", "a&b"]
)
def test_any_other_character_may_be_in_the_paths(machine: Machine, name: str) -> None:
    machine.builds_by(BUILD.replace("sleep 1\n", ""))
    odd = machine.project.rename(machine.folder / name)
    code, output, errors = machine.call("status", command=str(odd / "dualform"))
    assert (code, len(errors.splitlines())) == (0, 1)
    assert f"home={odd}/.dualform root={odd}" in output
    assert f"<{odd}/cli/target/dualform-cli.jar:{odd}/dev/target/dualform-dev.jar:{odd}/dev/target/lib/*>" in output
    assert machine.call("test", command=str(odd / "dualform"))[0] == 0


@pytest.mark.parametrize(("version", "named"), [("1.8.0_392", "1.8.0_392"), ("11.0.2", "11.0.2"), ("16", "16")])
def test_old_java_is_named(machine: Machine, version: str, named: str) -> None:
    machine.program("java", JAVA.format(version=version))
    code, _, errors = machine.call("status")
    assert code == 78
    assert f"Java 17 or newer is needed; {machine.programs / 'java'} is version {named}." in errors


@pytest.mark.parametrize("version", ["17", "21.0.1", "25-ea"])
def test_newer_java_serves(machine: Machine, version: str) -> None:
    machine.program("java", JAVA.format(version=version))
    assert machine.call("status")[0] == 0


def test_java_home_without_a_java_is_named(machine: Machine) -> None:
    code, _, errors = machine.call("status", JAVA_HOME="/no/such/jdk")
    assert code == 78
    assert "JAVA_HOME is /no/such/jdk, but there is no bin/java in it." in errors


def test_missing_java_is_told_with_the_way_out(machine: Machine) -> None:
    tools = machine.folder / "tools"
    tools.mkdir()
    for tool in ["sh", "dirname", "readlink", "git", "sed", "head"]:
        found = shutil.which(tool)
        if found:
            (tools / tool).symlink_to(found)
    code, _, errors = machine.call("status", PATH=str(tools))
    assert code == 78
    assert "Java is missing. Install a JDK" in errors
    assert "apt-get install" in errors


def test_a_failing_build_shows_the_compilers_error(machine: Machine) -> None:
    machine.builds_by("#!/bin/sh\necho '[ERROR] A.java:[3,1] ; expected'\nexit 1\n")
    code, output, errors = machine.call("status")
    assert code == 1
    assert output == ""
    assert "[ERROR] A.java:[3,1] ; expected" in errors
    assert str(machine.project / "cli/target/launcher.log") in errors


def test_a_failing_build_is_a_failed_test_run(machine: Machine) -> None:
    machine.builds_by("#!/bin/sh\necho '[ERROR] A.java:[3,1] ; expected'\nexit 1\n")
    code, output, errors = machine.call("test")
    assert code == 1
    assert output.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"
    assert "; expected" in errors


def test_two_at_once_build_once(machine: Machine) -> None:
    both = [machine.start("status") for _ in range(2)]
    errors = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert machine.builds() == 1
    assert sum("waiting for another build" in text for text in errors) == 1


def test_a_jar_that_is_gone_is_built_again(machine: Machine) -> None:
    jars = ["cli/target/dualform-cli.jar", "dev/target/dualform-dev.jar", "tasks/target/dualform-task.jar"]
    machine.call("status")
    for jar in jars:
        (machine.project / jar).unlink()
        machine.call("status")
    assert machine.builds() == 1 + len(jars)


def test_a_lock_whose_owner_was_killed_is_taken_over(machine: Machine) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    lock = machine.project / "cli/target/launcher.lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(str(ended.pid))
    assert machine.call("status")[0] == 0
    assert not lock.exists()


def test_an_interrupted_build_leaves_no_lock_and_no_result(machine: Machine) -> None:
    machine.builds_by("#!/bin/sh\ntouch started\nsleep 2\n")
    process = machine.start("test")
    deadline = time.monotonic() + 30
    while not (machine.project / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.terminate()
    output, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "passed" not in output


def test_the_tests_run_from_copies_of_the_jars(machine: Machine) -> None:
    code, output, _ = machine.call("test", "--fast", DUALFORM_HOME="state")
    assert code == 0
    (copies,) = (machine.folder / "state/cache").iterdir()
    assert {file.name for file in copies.iterdir()} == {"dualform-cli.jar", "dualform-dev.jar", "picocli-4.jar"}
    assert f"<{copies}/dualform-cli.jar:{copies}/dualform-dev.jar:{copies}/*>" in output
    assert output.splitlines()[-2:] == ["<test>", "<--fast>"]
