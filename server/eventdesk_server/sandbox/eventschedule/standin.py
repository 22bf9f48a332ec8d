"""The stand-in itself: its account, its season, its application."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from starlette.applications import Starlette
from typing_extensions import override

from eventdesk_server.sandbox.core import StandIn, World
from eventdesk_server.sandbox.eventschedule import auth, times
from eventdesk_server.sandbox.eventschedule.kernel import Kernel
from eventdesk_server.sandbox.eventschedule.seasonload import load_season
from eventdesk_server.sandbox.eventschedule.state import SCHEMA, State
from eventdesk_server.sandbox.seasons import eventschedule as demo

_KEY = "0ddba11" * 4 + "cafe"
_EMAIL = "organiser@sandbox.example"
_PASSWORD = "not-a-real-password"  # noqa: S105 - the invented account's, published on purpose


class EventScheduleStandIn(StandIn):
    """Event Schedule, self-hosted unless the switch `eventschedule.hosted` says otherwise.

    It starts with one account, `organiser@sandbox.example`, and nothing else. A season may bring more accounts, each
    with a key and levels (owner, admin, viewer, follower) on schedules; `key_of` answers their keys.
    """

    name: ClassVar[str] = "eventschedule"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.state = State(world)
        world.store.script(SCHEMA)
        if world.store.row("select 1 from eventschedule_user") is None:
            world.store.insert(
                "eventschedule_user",
                {
                    "name": "Sandbox Organiser",
                    "email": _EMAIL,
                    "password": auth.digest(_PASSWORD),
                    "timezone": "Europe/London",
                    "language_code": "en",
                    "api_key": _KEY,
                    "api_key_expires_at": times.stamp(self.state.now() + timedelta(days=365)),
                },
            )

    @override
    def app(self) -> Starlette:
        app = Starlette()
        # Not a route: a path's pattern does not match a line break, which an encoded id may hold.
        app.router.default = Kernel(self.state)
        return app

    @property
    @override
    def base_path(self) -> str:
        return "/api"

    @override
    def credentials(self) -> dict[str, str]:
        return {"key": _KEY}

    @property
    def login(self) -> dict[str, str]:
        """The account's e-mail and password, for the login endpoint."""
        return {"email": _EMAIL, "password": _PASSWORD}

    def key_of(self, email: str) -> str | None:
        """The key of an account."""
        row = self.world.store.row("select api_key from eventschedule_user where email = ?", (email.lower(),))
        return row["api_key"] if row is not None else None

    def verification_code(self, email: str) -> str | None:
        """The code last mailed to an address on the hosted service, while it is good."""
        return auth.pending_code(self.state, email)

    @override
    def load(self, season: Mapping[str, Any]) -> None:
        """Add a season. All moments are UTC, `YYYY-MM-DD HH:MM:SS`; dates are `YYYY-MM-DD`; keys may be left out.

        - `users`: `{email, name, password, api_key, api_key_expires_at, timezone, language_code, two_factor}`. The
          account `organiser@sandbox.example` is there already and is meant wherever a user is left out.
        - `schedules`: `{subdomain, type, name, owner, members, groups, ...}`. `owner` is a user's e-mail; `members` is
          `{e-mail: "owner" | "admin" | "viewer" | "follower"}`; a schedule without an owner belongs to nobody.
          `groups` are sub-schedules `{name, slug, color}`. `default_state` (published, draft, private, internal),
          `categories` (`[{id, name, color}]`, replaces the global list), `plan` (free, trial, pro, enterprise),
          `verified`, `accept_requests`, `is_deleted`, and the fields of the API's schedule object.
        - `events`: `{name, user, schedules: [{subdomain, group}], creator, ...}`. `schedules` are attached in that
          order, `group` being a sub-schedule's slug; `creator` is the schedule it was made on, by default the first.
          Fields as in the API's event object, and what only the web pages can set: a null `starts_at`, `cancelled`,
          `appointment`, `skipped_dates`, `added_dates`, `sell_after_start`, `shared_pool` (tickets of equal quantity
          share one pool), `reserved` (`{date: seats}` held by pass holders), `flyer` (a file name), `event_password`.
          - `tickets`: `{type, price, quantity, description, sales_start_at, sales_end_at, volume_discount, pass,
            max_per_order, custom_fields, retired}`; `pass` is an object of `pass_*` keys and makes it a pass.
          - `addons`: `{type, price, quantity, description, image_url, url, retired}`.
          - `parts`: `{name, description, start_time, end_time}`.
          - `sales`: `{name, email, phone, status, event_date, lines, created_at, made_by, order, guests, feedback,
            ...}`. `lines` are `[{ticket | addon, quantity}]`, `ticket` and `addon` being positions in the lists above;
            without lines it is a web RSVP. Status and amount follow from the lines unless given. `made_by` is the
            user who made it through the API. `guests` are sales of one group with this one as the primary; sales
            with the same `order` label form an order, the first one being its primary. `feedback` is
            `{rating, comment, created_at}`. Sold counters follow from unpaid and paid sales.
          - `fan_content`: `{kind, content, submitted_by, part, event_date, is_guest, is_approved, created_at}`;
            `content` is the comment, the photo's file name, or the video's YouTube id; `part` is a position in `parts`.

        Raises:
            ValueError: The season does not fit; nothing of it is stored.
        """
        load_season(self.state, season, _EMAIL, "enterprise")

    @override
    def default_season(self, rng: random.Random) -> dict[str, Any]:
        """The demo season: five schedules, sixteen events and some 450 sales around today."""
        return demo.default_season(rng, self.state.now())
