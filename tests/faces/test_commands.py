"""The operator's commands: a public address is refused while anything of the demo would be served there."""

import pytest

from app import create_app
from app.config import Settings
from app.extensions import db
from app.models import SignInSession, User

pytestmark = pytest.mark.slow

SECRET = "a long and random text of this test alone"


@pytest.fixture
def run(tmp_path):
    """Run a command on an installation of its own; further settings by name."""
    apps = []

    def runner(*arguments, **settings):
        url = f"sqlite:///{tmp_path / 'own.db'}"
        app = create_app(Settings(**{"database_url": url, "instance": str(tmp_path), **settings}))
        apps.append(app)
        return app.test_cli_runner().invoke(args=list(arguments))

    runner.apps = apps
    yield runner
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def test_the_first_start_makes_schema_and_demo_data_and_shows_the_sign_ins(run):
    first = run("prepare")
    assert first.exit_code == 0, first.output
    assert "ana@demo.example" in first.output
    again = run("demo")
    assert "nothing to do" in again.output


@pytest.mark.parametrize("command", ["prepare", "serve-check"])
def test_a_public_address_with_the_demo_secret_is_refused(run, command):
    refused = run(command, bind="0.0.0.0:8000")
    assert refused.exit_code == 2
    assert "CLAVARDAGE_SECRET_KEY" in refused.output


@pytest.mark.parametrize("command", ["prepare", "serve-check"])
def test_a_public_address_with_an_empty_database_is_refused_and_stays_empty(run, tmp_path, command):
    refused = run(command, bind="0.0.0.0:8000", secret_key=SECRET)
    assert refused.exit_code == 2
    assert "demo users" in refused.output
    assert not (tmp_path / "own.db").exists()


def test_a_public_address_with_demo_passwords_is_refused_until_each_is_changed(run):
    assert run("prepare").exit_code == 0
    refused = run("serve-check", bind="0.0.0.0:8000", secret_key=SECRET)
    assert refused.exit_code == 2
    assert "ana@demo.example" in refused.output
    for name in ("ana", "ben", "sam", "admin"):
        changed = run("set-password", f"{name}@demo.example", "--password", "quite another one")
        assert changed.exit_code == 0, changed.output
    assert run("serve-check", bind="0.0.0.0:8000", secret_key=SECRET).exit_code == 0


def test_a_changed_password_ends_the_sign_ins_and_the_old_one_fits_no_more(run):
    from app.actions.sign_in import sign_in

    run("prepare")
    app = run.apps[0]
    with app.app_context():
        assert sign_in("ana@demo.example", "demo-ana-4321", "") is not None
    run("set-password", "ana@demo.example", "--password", "quite another one")
    with app.app_context():
        assert sign_in("ana@demo.example", "demo-ana-4321", "") is None
        assert sign_in(" ANA@demo.example", "quite another one", "") is not None
        assert [row.revoked_at is None for row in db.session.query(SignInSession).order_by(SignInSession.id)] == [
            False,
            True,
        ]
        assert db.session.query(User).filter_by(demo_password=True).count() == 3


@pytest.mark.parametrize(
    ("email", "password"), [("nobody@demo.example", "long enough it is"), ("ana@demo.example", "short")]
)
def test_a_password_that_cannot_be_set_says_why(run, email, password):
    run("prepare")
    refused = run("set-password", email, "--password", password)
    assert refused.exit_code == 1
    assert email in refused.output
