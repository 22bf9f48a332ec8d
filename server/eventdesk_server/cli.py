"""The command line. Without a command: the server on stdin and stdout, for a host to start."""

import argparse
import gc
import json
import logging
import sys
from collections.abc import Sequence
from typing import Any

from eventdesk_tools import __version__

_CONNECT = """\
Eventdesk {version} is an MCP server: a chat app starts it and talks to it over pipes.

To connect a chat app:                      eventdesk install --client claude
(or claude-code, cursor, vscode, windsurf, zed). For any other one, add this to its MCP settings:

  {{"mcpServers": {{"eventdesk": {{"command": "eventdesk"}}}}}}

To see it work now, without any account:   eventdesk demo
To call one tool by hand:                   eventdesk call list_events '{{"limit": 5}}'
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers its exit code."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("eventdesk").setLevel((args.log_level or "warning").upper())
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="eventdesk", description="Runs events on five platforms, for an assistant.")
    parser.add_argument("--version", action="version", version=f"eventdesk {__version__}")
    parser.add_argument("--read-only", action="store_true", default=None, help="offer and accept no writes")
    parser.add_argument("--log-level", choices=["debug", "info", "warning", "error"], help="on stderr")
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(title="commands", metavar="")
    demo = commands.add_parser("demo", help="show an assistant's conversation with the server, on invented data")
    demo.set_defaults(run=_demo)
    sandbox = commands.add_parser("sandbox", help="serve the five stand-ins on 127.0.0.1")
    sandbox.add_argument("--port", type=int, default=0, help="0 takes a free one")
    sandbox.add_argument("--empty", action="store_true", help="no events at all")
    sandbox.add_argument("--season", metavar="FILE.json", help="what the stand-ins hold, instead of the demo season")
    sandbox.add_argument("--now", metavar="TIME", help="pin the clock, like 2027-06-12T09:00+01:00")
    sandbox.add_argument("--no-limits", action="store_true", help="without the platforms' rate limits")
    sandbox.add_argument("--faults", metavar="JSON|FILE", help="what goes wrong, as a list of faults")
    sandbox.set_defaults(run=_sandbox)
    tools = commands.add_parser("tools", help="the tool list")
    tools.add_argument("--json", action="store_true", help="as it is sent")
    tools.set_defaults(run=_tools)
    operations = commands.add_parser("operations", help="every endpoint of the five platforms, and what it does")
    operations.add_argument("--json", action="store_true", help="with parameters, as data")
    operations.set_defaults(run=_operations)
    serving = commands.add_parser("serve-http", help="serve a team over Streamable HTTP")
    serving.add_argument("--host", help="where to listen; 127.0.0.1 unless set")
    serving.add_argument("--port", type=int, help="8000 unless set")
    serving.set_defaults(run=_serve_http)
    call = commands.add_parser("call", help="call one tool")
    call.add_argument("tool")
    call.add_argument("arguments", nargs="?", default="{}", metavar="JSON")
    call.set_defaults(run=_call)
    journal = commands.add_parser("journal", help="what was sent: list it, settle what is unknown")
    actions = journal.add_subparsers(title="actions", metavar="", required=True)
    listing = actions.add_parser("list", help="every write of the last 30 days, and every unknown one")
    listing.add_argument("--json", action="store_true", help="as data")
    listing.set_defaults(run=_records, action="list")
    settling = actions.add_parser("settle", help="say what became of an unknown write, after looking at the platform")
    settling.add_argument("id")
    settling.add_argument("what", choices=["happened", "not"])
    settling.set_defaults(run=_records, action="settle")
    audit = commands.add_parser("audit", help="who wrote what, when, and what came of it")
    audit.add_argument("--json", action="store_true", help="as data, a line each")
    audit.set_defaults(run=_records, action="audit")
    install = commands.add_parser("install", help="enter this server into a chat app's settings, or take it out")
    install.add_argument(
        "--client", required=True, metavar="APP", help="claude, claude-code, cursor, vscode, windsurf, zed, or all"
    )
    install.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")
    install.add_argument("--uninstall", action="store_true", help="take the entry out")
    install.add_argument("--name", default="eventdesk", help="what the entry is called")
    install.add_argument("--file", default="", metavar="PATH", help="another file than the app's usual one")
    install.add_argument("--create", action="store_true", help="write the file though the app seems not to be there")
    install.set_defaults(run=_install)
    _accounts_parser(commands.add_parser("accounts", help="connect your platforms: add, list, test, remove"))
    doctor = commands.add_parser("doctor", help="look at everything, and say what is wrong and what to do about it")
    doctor.add_argument("--json", action="store_true", help="as data")
    doctor.set_defaults(run=_doctor)
    report = commands.add_parser("report", help="an event in figures, as a page for the browser")
    report.add_argument("events", nargs="+", metavar="EVENT", help="a ref, or a title; two are compared")
    report.add_argument("--html", required=True, metavar="FILE", help="where to write it")
    report.add_argument("--force", action="store_true", help="replace a file that is there")
    report.set_defaults(run=_report)
    export = commands.add_parser("export", help="a list as a file")
    lists = export.add_subparsers(title="lists", metavar="", required=True)
    attendees = lists.add_parser("attendees", help="a door list: everybody who is registered, by name")
    attendees.add_argument("event", metavar="EVENT", help="a ref, or a title")
    attendees.add_argument("--format", choices=["csv", "xlsx"], default="", help="as --out ends, else csv")
    attendees.add_argument("--out", default="", metavar="FILE", help="else a name in this folder after the event")
    attendees.add_argument(
        "--status", default="", help="active (confirmed and pending) unless given; all for everybody"
    )
    attendees.add_argument("--occurrence", default="", metavar="DATE", help="of an event that repeats")
    attendees.add_argument("--force", action="store_true", help="replace a file that is there")
    attendees.set_defaults(run=_export)
    approve = commands.add_parser("approve", help="allow or refuse what an assistant may not do by itself")
    approve.add_argument("id", nargs="?", default="", help="as the assistant names it; not needed when one waits")
    approve.add_argument("--list", action="store_true", help="what waits, without answering")
    approve.set_defaults(run=_approve)
    return parser


ACCOUNT_FLAGS = {
    "base_url": "the API's address, where it is not the platform's own",
    "subdomain": "EventHQ: demo of demo.eventhq.co.uk",
    "email": "Eventtia: the e-mail of the user that logs in",
    "role": "evvnt: organiser, partner or publisher",
    "user_id": "evvnt, partner: the user that is acted for",
    "contact.name": "evvnt: the contact of new listings",
    "contact.email": "evvnt: the contact's e-mail",
    "contact.tel": "evvnt: the contact's telephone",
    "organiser": "evvnt: the organiser's name where a listing has none",
    "package": "evvnt: whose credits a copy uses",
    "calendar": "Event Schedule: the schedule that copies go to",
    "api_version": "HeySummit: v2 or v1",
    "zone": "the time zone where the platform tells none",
    "currency": "the currency where the platform tells none",
}
"""What the command line may say of an account. It never carries a key: others see command lines."""
PROVIDERS = ("heysummit", "eventhq", "eventtia", "evvnt", "eventschedule")


def _accounts_parser(accounts: argparse.ArgumentParser) -> None:
    actions = accounts.add_subparsers(title="actions", metavar="", required=True)
    add = actions.add_parser("add", help="connect a platform; what the flags do not say is asked for")
    add.add_argument("--provider", choices=PROVIDERS, help="which platform")
    add.add_argument("--name", metavar="NAME", help="what the account is called")
    add.add_argument(
        "--key-stdin", action="store_true", help="read keys from standard input, a line each, in the order asked"
    )
    add.add_argument("--store", choices=["auto", "keyring", "file"], default="auto", help="where keys are kept")
    add.add_argument(
        "--read-only", action="store_true", dest="account_read_only", help="the assistant may change nothing"
    )
    add.add_argument("--replace", action="store_true", help="give an account that is there other keys or settings")
    add.add_argument("--keep-failing", action="store_true", help="save it even if it does not work")
    for setting, about in ACCOUNT_FLAGS.items():
        flag = "--" + setting.replace(".", "-").replace("_", "-")
        add.add_argument(flag, dest=f"setting:{setting}", metavar=setting.rpartition(".")[2].upper(), help=about)
    add.set_defaults(run=_accounts, action="add")
    listing = actions.add_parser(
        "list", help="every account, where its keys are, and what the assistant may do with it"
    )
    listing.add_argument("--json", action="store_true", help="as data")
    listing.set_defaults(run=_accounts, action="list")
    test = actions.add_parser("test", help="whether an account works, or all of them")
    test.add_argument("name", nargs="?", default="", metavar="NAME")
    test.add_argument("--json", action="store_true", help="as data")
    test.set_defaults(run=_accounts, action="test")
    remove = actions.add_parser("remove", help="take an account out, with its keys")
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="without asking")
    remove.set_defaults(run=_accounts, action="remove")


def _flags(args: argparse.Namespace) -> dict[str, Any]:
    return {"read_only": args.read_only, "log_level": args.log_level}


def _out(text: str) -> None:
    """Print for a person. The server itself never does: its stdout is the protocol."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _err(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 2


def _serve(args: argparse.Namespace) -> int:
    if sys.stdin.isatty() and sys.stdout.isatty():
        from eventdesk_server.settings import SettingsError, load_settings  # noqa: PLC0415 - quick commands stay quick

        try:
            load_settings(flags=_flags(args))
        except SettingsError as exc:
            return _err(str(exc))
        _out(_CONNECT.format(version=__version__))
        return 0
    gc.disable()  # nothing that is imported now is ever garbage
    from eventdesk_server.app import build_from_environment  # noqa: PLC0415 - see above
    from eventdesk_server.transports import run_stdio  # noqa: PLC0415 - see above

    app = build_from_environment(_flags(args), stay_up=True)
    gc.enable()
    gc.freeze()
    return run_stdio(app.server)


def _serve_http(args: argparse.Namespace) -> int:
    from eventdesk_server.settings import SettingsError, load_settings  # noqa: PLC0415 - see above
    from eventdesk_server.web.serving import build_team, run_http  # noqa: PLC0415 - see above

    try:
        settings = load_settings(flags=_flags(args))
        given = {name: value for name in ("host", "port") if (value := getattr(args, name)) is not None}
        http = type(settings.http).model_validate({**settings.http.model_dump(), **given})
        return run_http(build_team(settings.model_copy(update={"http": http})))
    except SettingsError as exc:
        return _err(str(exc))


def _demo(_: argparse.Namespace) -> int:
    from eventdesk_server.demo import run_demo  # noqa: PLC0415 - quick commands stay quick

    return run_demo()


def _sandbox(args: argparse.Namespace) -> int:
    import anyio  # noqa: PLC0415 - quick commands stay quick

    from eventdesk_server.sandbox.faults import Faults, read_faults  # noqa: PLC0415 - see above
    from eventdesk_server.sandbox.serve import serve  # noqa: PLC0415 - see above
    from eventdesk_server.sandbox.world import Sandbox, read_season  # noqa: PLC0415 - see above
    from eventdesk_server.settings import SettingsError, parse_now  # noqa: PLC0415 - see above

    try:
        now = parse_now(args.now) if args.now else None
        season = read_season(args.season) if args.season else None
        faults = Faults(read_faults(args.faults)) if args.faults else Faults()
        box = Sandbox(now=now, limits=not args.no_limits, season=season, empty=args.empty, faults=faults)
    except (SettingsError, ValueError, OSError) as exc:
        return _err(f"eventdesk sandbox: {exc}")
    with box:
        try:
            anyio.run(serve, box, args.port, _ready)
        except OSError as exc:
            return _err(f"eventdesk sandbox: {exc}")
    return 0


def _ready(connections: dict[str, dict[str, str]]) -> None:
    _out(json.dumps(connections))


def _tools(args: argparse.Namespace) -> int:
    from eventdesk_server.app import build_from_environment  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.binding import tools_json, visible_tools  # noqa: PLC0415 - see above
    from eventdesk_server.settings import SettingsError  # noqa: PLC0415 - see above

    try:
        app = build_from_environment(_flags(args), stay_up=False)
    except SettingsError as exc:
        return _err(str(exc))
    if args.json:
        _out(tools_json(app.desk))
    else:
        for spec in visible_tools(app.desk, asks=False):
            _out(f"{spec.name:20} {spec.effect.value:7} {spec.description}")
    return 0


def _operations(args: argparse.Namespace) -> int:
    from eventdesk_server.registry import operation_rows  # noqa: PLC0415 - quick commands stay quick

    rows = operation_rows()
    if args.json:
        _out(json.dumps({"operations": rows}, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        withheld = f"  withheld: {row['withheld']}" if row["withheld"] else ""
        name = f"{row['provider']}.{row['name']}"
        _out(f"{name:46} {row['effect']:7} {row['method']:6} {row['path']}{withheld}")
    return 0


def _records(args: argparse.Namespace) -> int:
    from eventdesk_server.records import ACTIONS  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.settings import SettingsError, load_settings  # noqa: PLC0415 - see above

    try:
        text, failed = ACTIONS[args.action](args, load_settings(flags=_flags(args)))
    except SettingsError as exc:
        return _err(str(exc))
    if failed:
        return _err(text)
    _out(text)
    return 0


def _call(args: argparse.Namespace) -> int:
    from eventdesk_server.handcall import run_call  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.settings import SettingsError  # noqa: PLC0415 - see above

    try:
        text, failed = run_call(args.tool, args.arguments, _flags(args))
    except SettingsError as exc:
        return _err(str(exc))
    _out(text)
    return 1 if failed else 0


def _accounts(args: argparse.Namespace) -> int:
    from eventdesk_server.accounts import adding, managing  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.settings import SettingsError  # noqa: PLC0415 - see above

    given = {setting: getattr(args, f"setting:{setting}", None) for setting in ACCOUNT_FLAGS}
    args.flags = {setting: text for setting, text in given.items() if text is not None}
    actions = {"add": adding.add, "list": managing.show_list, "test": managing.test, "remove": managing.remove}
    try:
        return actions[args.action](args)
    except SettingsError as exc:
        return _err(str(exc))


def _doctor(args: argparse.Namespace) -> int:
    from eventdesk_server.doctor import run_doctor  # noqa: PLC0415 - quick commands stay quick

    return run_doctor(as_data=args.json, flags=_flags(args))


def _report(args: argparse.Namespace) -> int:
    from eventdesk_server.reporting import run_report  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.settings import SettingsError  # noqa: PLC0415 - see above

    try:
        text, failed = run_report(args.events, args.html, _flags(args), force=args.force)
    except SettingsError as exc:
        return _err(str(exc))
    return _told(text, failed)


def _export(args: argparse.Namespace) -> int:
    from eventdesk_server.exporting import Asked, run_export  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.settings import SettingsError  # noqa: PLC0415 - see above

    asked = Asked(args.event, args.format, args.out, args.status, args.occurrence, args.force)
    try:
        text, failed = run_export(asked, _flags(args))
    except SettingsError as exc:
        return _err(str(exc))
    return _told(text, failed)


def _told(text: str, failed: bool) -> int:
    if failed:
        _err(text)
        return 1
    _out(text)
    return 0


def _approve(args: argparse.Namespace) -> int:
    from eventdesk_server.approve import run_approve  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.settings import SettingsError  # noqa: PLC0415 - see above

    try:
        return run_approve(args.id, _flags(args), list_only=args.list)
    except SettingsError as exc:
        return _err(str(exc))


def _install(args: argparse.Namespace) -> int:
    from eventdesk_server.hosts import HostFileError, Machine  # noqa: PLC0415 - quick commands stay quick
    from eventdesk_server.installing import Wish, chosen_hosts, install  # noqa: PLC0415 - see above

    words = ("name", "file", "uninstall", "dry_run", "create")
    wish = Wish(read_only=bool(args.read_only), **{word: getattr(args, word) for word in words})
    code = 0
    try:
        hosts = chosen_hosts(args.client, Machine.this(), wish)
    except HostFileError as exc:
        return _err(f"{exc} Nothing was changed.")
    for host in hosts:
        try:
            _out(install(host, wish, Machine.this()))
        except HostFileError as exc:
            code = _err(f"{exc} Nothing was changed.")
    return code
