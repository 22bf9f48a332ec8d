"""`eventdesk accounts add`, as a person types it, and as a script runs it."""

import stat
from pathlib import Path

import pytest

from tests.server.desks import Desk, desk

pytestmark = pytest.mark.anyio


async def test_a_person_connects_a_platform_by_answering_questions(tmp_path: Path) -> None:
    async with desk(tmp_path) as home:
        club = home.connections["eventschedule"]
        code, screen = await home.talk(
            "accounts", "add",
            typed=[
                ("Number or name: ", "5"), ("[eventschedule]: ", "Big Club"), ("[eventschedule]: ", "club"),
                ("eventschedule.com): ", f"{club['base_url']}/events?page=1"), ("stays invisible): ", f' "{club["key"]}", '),
            ],
        )  # fmt: skip
        assert code == 0, screen
        assert "like big-club" in screen
        assert f"Taken as {club['base_url']}:" in screen
        assert "spaces, quotes) was left out" in screen
        assert "club (Event Schedule) works: calendars " in screen
        assert "The key is kept in the system keyring" in screen
        assert club["key"] not in screen
        assert home.accounts == {
            "club": {"provider": "eventschedule", "base_url": club["base_url"], "key": {"keyring": "club.key"}}
        }
        assert home.entries == {"eventdesk/club.key": club["key"]}
        assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
        assert home.files == ["config.toml"]
        code, out, _ = await home.run("call", "list_accounts")
        assert code == 0
        assert '"club","eventschedule","live"' in out


async def test_a_key_that_does_not_work_is_kept_only_if_the_person_says_so(tmp_path: Path) -> None:
    async with desk(tmp_path) as home:
        talks = home.connections["heysummit"]
        words = ["accounts", "add", "--provider", "heysummit", "--name", "talks", "--base-url", talks["base_url"]]
        wrong = ("stays invisible): ", "wrong")
        code, screen = await home.talk(*words, typed=[wrong, ("Enter] ", "")])
        assert code == 1
        assert 'HeySummit (talks) does not accept the account\'s key. It says: "Invalid token."' in screen
        assert "What to do: In HeySummit open Event setup → API settings" in screen
        assert screen.rstrip().endswith("Nothing was saved.")
        assert home.files == []
        code, screen = await home.talk(*words, typed=[wrong, ("Enter] ", "t"), ("as it was): ", talks["key"])])
        assert code == 0, screen
        assert home.entries == {"eventdesk/talks.key": talks["key"]}
        code, screen = await home.talk(*words, "--replace", typed=[("as it was): ", "wrong"), ("Enter] ", "k")])
        assert code == 0, screen
        assert home.entries == {"eventdesk/talks.key": "wrong"}


async def test_who_ends_the_conversation_saves_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as home:
        code, screen = await home.talk(
            "accounts", "add", typed=[("name: ", "heysummit"), ("]: ", ""), ("invisible): ", "^D")]
        )
        assert code == 1
        assert screen.rstrip().endswith("Nothing was saved.")
        assert home.files == []


async def scripted(home: Desk, provider: str, *more: str) -> tuple[int, str, str]:
    given = home.connections[provider]
    keys = [given[part] for part in ("key", "secret", "password") if part in given]
    flags = ["--provider", provider, "--name", provider, "--base-url", given["base_url"], "--key-stdin", *more]
    return await home.run("accounts", "add", *flags, typed="\n".join(keys))


async def test_a_script_connects_every_platform_without_a_key_on_the_command_line(tmp_path: Path) -> None:
    async with desk(tmp_path) as home:
        for provider in ("heysummit", "eventhq", "eventschedule"):
            assert (await scripted(home, provider))[0] == 0
        assert (await scripted(home, "eventtia", "--email", home.connections["eventtia"]["email"]))[0] == 0
        contact = ("--contact-name", "Ada", "--contact-email", "ada@example.org", "--contact-tel", "+44 20 7946 0000")
        code, out, told = await scripted(home, "evvnt", "--zone", "Europe/London", *contact)
        assert (code, told) == (0, ""), out
        assert home.accounts["evvnt"] == {
            "provider": "evvnt", "role": "organiser", "zone": "Europe/London", "base_url": home.connections["evvnt"]["base_url"],
            "contact": {"name": "Ada", "email": "ada@example.org", "tel": "+44 20 7946 0000"},
            "key": {"keyring": "evvnt.key"}, "secret": {"keyring": "evvnt.secret"},
        }  # fmt: skip
        assert home.accounts["eventtia"]["email"] == home.connections["eventtia"]["email"]
        assert home.accounts["eventtia"]["password"] == {"keyring": "eventtia.password"}
        code, out, _ = await home.run("accounts", "test", fresh=True)
        assert code == 0
        assert out.count(" works") == 5


async def test_a_script_is_told_what_is_missing_and_saves_nothing_that_fails(tmp_path: Path) -> None:
    async with desk(tmp_path) as home:
        code, _, told = await home.run("accounts", "add", "--provider", "eventhq", "--name", "courses")
        assert (code, home.files) == (1, [])
        assert "Missing: --subdomain, --key-stdin (one line for each key)." in told
        home.connections["heysummit"]["key"] = "wrong"
        code, out, told = await scripted(home, "heysummit")
        assert (code, home.files) == (1, [])
        assert "Then: eventdesk accounts add --name heysummit --replace" in out
        assert "Nothing was saved." in told
        for words, reason in (
            (("--provider", "evvnt", "--name", "Big Club"), "like big-club"),
            (
                ("--provider", "eventhq", "--name", "a", "--subdomain", "https://events.example.org"),
                "is no address at EventHQ",
            ),
            (("--provider", "heysummit", "--name", "a", "--role", "partner"), "HeySummit has no role."),
            (("--provider", "heysummit", "--name", "a", "--zone", "Europe/Londn"), "Europe/Londn is no time zone."),
        ):
            code, _, told = await home.run("accounts", "add", *words, "--key-stdin", typed="k\n")
            assert (code, home.files) == (1, [])
            assert reason in told


async def test_other_keys_and_settings_take_the_place_of_the_former_and_nothing_else_changes(tmp_path: Path) -> None:
    async with desk(tmp_path) as home:
        home.config.write_text(
            f'# mine\nread_only = false   # for now\n\n[accounts.talks]\nprovider = "heysummit"  # the big one\n'
            f'base_url = "{home.connections["heysummit"]["base_url"].rstrip("/")}"\nkey = {{ env = "TALKS_KEY" }}\n\n'
            f"[accounts.talks.toolsets.people]\nread_only = true\n"
        )
        before = home.config.read_text()
        code, _, told = await scripted(home, "heysummit", "--name", "talks")
        assert (code, home.config.read_text()) == (1, before)
        assert "Add --replace" in told
        code, out, _ = await scripted(home, "heysummit", "--name", "talks", "--replace", "--currency", "gbp")
        assert code == 0, out
        assert home.config.read_text() == before.replace('{ env = "TALKS_KEY" }', '{keyring = "talks.key"}').replace(
            '"talks.key"}\n', '"talks.key"}\ncurrency = "GBP"\n'
        )
        assert "another login now" in out
