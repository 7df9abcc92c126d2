import json
import os
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kms_teach import Simulator, cli
from kms_teach.wire import shell
from kms_teach.wire.hosts import reachable, url
from kms_teach.wire.maker import isolated_session

BIN = Path(sys.executable).parent
HERE = "http://127.0.0.1:8080"


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setattr(shell, "state", lambda: tmp_path / "state")
    return tmp_path / "state"


@pytest.fixture
def sim():
    with Simulator() as sim:
        yield sim


@pytest.fixture
def listening():
    """Something that listens, as a server does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def after(lines, environment):
    """What a POSIX shell with these variables hands on after it has read the lines."""
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    ran = subprocess.run(
        ["sh", "-ec", f"{lines}\n{shlex.quote(sys.executable)} -c {shlex.quote(code)}"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


def test_a_server_is_found_while_it_runs(listening, state):
    assert shell.servers() == []
    with shell.noted(listening):
        assert shell.servers() == [listening]
    assert shell.servers() == []
    assert list((state / "serving").iterdir()) == []


def test_one_that_ended_without_a_word_is_forgotten(listening, state):
    with shell.noted(listening):
        (state / "serving" / "1").write_text("http://127.0.0.1:1")
        (state / "serving" / "2").write_text("nonsense")
        (state / "serving" / "3").write_text("http://127.0.0.1:port")
        assert shell.servers() == [listening]
        assert len(list((state / "serving").iterdir())) == 1


def test_the_one_started_last_comes_first(listening, state):
    with shell.noted(listening):
        older = state / "serving" / "1"
        older.write_text(listening + "/")
        os.utime(older, (1, 1))
        assert shell.servers() == [listening, listening + "/"]
        later = time.time() + 60
        os.utime(older, (later, later))
        assert shell.servers() == [listening + "/", listening]


LEADS_AWAY = {
    "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "real", "AWS_ENDPOINT_URL_KMS": "https://kms.us-east-1.amazonaws.com", "AWS_ROLE_ARN": "x",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIAREAL", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "x",
}  # fmt: skip


def test_a_shell_that_reads_the_exports_has_nothing_left_that_leads_away(state):
    before = {"PATH": "/bin", "AWS_PAGER": "less", "AWS_CLI_AUTO_PROMPT": "off", "NO_PROXY": "intranet", **LEADS_AWAY}
    env = after(shell.exports(HERE, "test", "test", "us-east-1", before), before)
    assert {name: value for name, value in env.items() if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL": HERE, "AWS_ENDPOINT_URL_STS": HERE, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "less", "AWS_CLI_AUTO_PROMPT": "off",
        "AWS_CONFIG_FILE": str(state / "aws" / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(state / "aws" / "credentials"),
    }  # fmt: skip
    assert (env["NO_PROXY"], env["no_proxy"]) == ("127.0.0.1,localhost,::1,intranet", "127.0.0.1,localhost,::1")
    assert shell.exports(HERE, "test", "test", "us-east-1", env) == shell.exports(
        HERE, "test", "test", "us-east-1", env | env
    )


def test_exports_that_were_kept_work_in_another_shell_too():
    """The shell that reads them may have what the one that asked had not."""
    env = after(
        shell.exports(HERE, "test", "test", "us-east-1", {}),
        {"PATH": "/bin", "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "real"},
    )
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & env.keys()


def test_no_name_and_no_value_is_run_by_the_shell(tmp_path):
    evil = {
        "AWS_X; touch owned": "1",
        "AWS_$(touch owned)": "1",
        "NO_PROXY": "'; touch owned; '$(touch owned)`touch owned`",
    }
    ran = subprocess.run(["sh", "-ec", shell.exports(HERE, "test", "test", "us-east-1", evil)], cwd=tmp_path, env={"PATH": os.environ["PATH"]}, check=False)  # fmt: skip
    assert ran.returncode == 0
    assert not (tmp_path / "owned").exists()


def test_profiles_of_the_learner_are_left(state):
    config, _ = shell.profiles()
    config.write_text("[profile app]\nrole_arn = arn:aws:iam::111122223333:role/app\n")
    assert shell.profiles()[0].read_text().startswith("[profile app]")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no server is running: start one with `kms-teach serve` in another terminal"),
        (["a lice"], "`a lice` is nobody: say the name of an IAM user, such as alice, or of another account's, such as 444455556666/alice, or twelve digits for a root user"),
        (["4444/alice"], "`4444/alice` is nobody: say the name of an IAM user, such as alice, or of another account's, such as 444455556666/alice, or twelve digits for a root user"),
        (["alice", "--url", "http://127.0.0.1:1"], "nothing answers at http://127.0.0.1:1: start `kms-teach serve` in another terminal"),
        (["--url", "http://127.0.0.1:1"], "nothing answers at http://127.0.0.1:1: start `kms-teach serve` in another terminal"),
        (["--url", "garbage"], "`garbage` is no address of a server: give one such as http://127.0.0.1:8080"),
        (["--url", "https://kms.us-east-1.amazonaws.com"], "`https://kms.us-east-1.amazonaws.com` is no address of a server: give one such as http://127.0.0.1:8080"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_sentence(capsys, arguments, words):
    assert cli.main(["env", *arguments]) == 2
    assert capsys.readouterr() == ("", f"kms-teach: {words}\n")


def test_an_address_may_be_given_as_of_a_simulator_that_serves(sim, capsys):
    with sim.serve() as at:
        assert cli.main(["env", "444455556666", "--url", at.url]) == 0
    said = capsys.readouterr().out
    assert f"export AWS_ENDPOINT_URL={at.url}\n" in said
    assert "export AWS_ACCESS_KEY_ID=444455556666\n" in said
    assert said.endswith(
        '# you are the root user of 444455556666 in this shell after: eval "$(kms-teach env 444455556666)"\n'
    )


def exported(capsys, *arguments):
    """What `env` exports for these arguments."""
    assert cli.main(["env", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))


def test_a_user_is_who_calls_by_one_access_key_however_often_it_is_asked_for(sim, state, capsys):
    sim.client("iam", account="444455556666").create_user(UserName="alice")
    with sim.serve() as at:
        first, again = (exported(capsys, "444455556666/alice", "--url", at.url) for _ in range(2))
        assert first == again
        caller = isolated_session().create_client(
            "sts", region_name="us-east-1", endpoint_url=at.url, aws_access_key_id=first["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=shlex.split(first["AWS_SECRET_ACCESS_KEY"])[0],
        ).get_caller_identity()  # fmt: skip
        assert caller["Arn"] == "arn:aws:iam::444455556666:user/alice"
        assert (state / "access-keys.json").stat().st_mode & 0o077 == 0


def test_who_cannot_be_in_a_shell_is_told_why(sim, state, capsys):
    iam = sim.client("iam")
    with sim.serve() as at:
        assert cli.main(["env", "alice", "--url", at.url]) == 2
        assert capsys.readouterr().err == (
            "kms-teach: there is no user `alice` in account 111122223333: aws iam create-user --user-name alice\n"
        )
        iam.create_user(UserName="alice")
        for _ in range(2):
            iam.create_access_key(UserName="alice")
        assert cli.main(["env", "alice", "--url", at.url]) == 2
        assert "`alice` has two access keys already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", HERE), ("0.0.0.0", HERE), ("::", "http://[::1]:8080"), ("::1", "http://[::1]:8080"), ("laptop.local", "http://laptop.local:8080")],
)  # fmt: skip
def test_the_address_that_is_noted_is_one_that_this_machine_reaches(host, address):
    assert url(reachable(host), 8080) == address


@pytest.fixture
def served(tmp_path):
    """A `kms-teach serve` with a state folder of its own; gives the variables of a learner's hostile shell."""
    (tmp_path / "config").write_text("[profile")
    environment = {
        "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "xdg"), "AWS_MAX_ATTEMPTS": "1",
        "AWS_CONFIG_FILE": str(tmp_path / "config"), "HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", **LEADS_AWAY,
    }  # fmt: skip
    process = subprocess.Popen([BIN / "kms-teach", "serve"], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("kms-teach listening")
    yield environment
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()
    assert "no server is running" in run("kms-teach env", environment).stderr


def run(line, environment):
    return subprocess.run(["sh", "-ec", line], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow  # the `aws` command takes 1 to 2 s to start, and starts twice
def test_the_aws_command_is_led_here(served):
    ran = run(
        'eval "$(kms-teach env)"; aws sts get-caller-identity; aws kms create-key --query KeyMetadata.Arn', served
    )
    assert ran.returncode == 0, ran.stderr
    assert '"Arn": "arn:aws:iam::111122223333:root"' in ran.stdout
    assert '"arn:aws:kms:us-east-1:111122223333:key/' in ran.stdout
    ran = run(
        'eval "$(kms-teach env 444455556666)"; aws sts get-caller-identity --query Arn; aws ec2 describe-vpcs', served
    )
    assert ran.stdout == '"arn:aws:iam::444455556666:root"\n'
    assert "(InvalidAction)" in ran.stderr
    assert "this simulator has no `ec2`" in ran.stderr
