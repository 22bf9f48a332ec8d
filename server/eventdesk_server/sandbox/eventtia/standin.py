"""The stand-in itself: tables, endpoints, logins, season."""

import random
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from starlette.applications import Starlette
from typing_extensions import override

from eventdesk_server.sandbox.core import StandIn, World
from eventdesk_server.sandbox.eventtia import (
    account,
    activities,
    attendees,
    catalogue,
    cloning,
    conferences,
    events,
    logins,
    registration,
    surveys,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.books import Books
from eventdesk_server.sandbox.eventtia.gate import Gate
from eventdesk_server.sandbox.eventtia.loading import Loader
from eventdesk_server.sandbox.seasons.eventtia import default_season

# Where two paths of one method fit, the first row wins: fixed words come before variable parts.
ENDPOINTS: Final = (
    *logins.ENDPOINTS, *events.ENDPOINTS, *cloning.ENDPOINTS, *registration.ENDPOINTS, *attendees.ENDPOINTS,
    *activities.ENDPOINTS, *catalogue.ENDPOINTS, *surveys.ENDPOINTS, *account.ENDPOINTS, *conferences.ENDPOINTS,
)  # fmt: skip

_USER: Final = {"email": "organiser@desk.example", "password": "not-a-secret-eventtia", "name": "Marta Quill"}
_CLIENT: Final = {"client_id": "demo-client", "client_secret": "not-a-secret-either"}
_ACCOUNT_KEY: Final = "00000000-0000-4000-8000-00000000e7e7"


class EventtiaStandIn(StandIn):
    """Eventtia's Connect API, version 3."""

    name: ClassVar[str] = "eventtia"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._books = Books(world)
        store = world.store
        store.execute(
            "insert or ignore into eventtia_logins values ('user', ?, ?, ?)",
            [_USER["email"], _USER["password"], _USER["name"]],
        )
        store.execute(
            "insert or ignore into eventtia_logins values ('client', ?, ?, ?)",
            [_CLIENT["client_id"], _CLIENT["client_secret"], _CLIENT["client_id"]],
        )
        store.execute("insert or ignore into eventtia_settings values ('api_key', ?)", [_ACCOUNT_KEY])

    @override
    def app(self) -> Starlette:
        app = Starlette()
        # Not a route: a path of Starlette's own matches no line break, and the platform answers for every path itself.
        app.router.default = Gate(self._books, ENDPOINTS)
        return app

    @property
    @override
    def base_path(self) -> str:
        return "/api/v3"

    @override
    def credentials(self) -> dict[str, str]:
        """An organiser's login."""
        return {"email": _USER["email"], "password": _USER["password"]}

    def machine_credentials(self) -> dict[str, str]:
        """The pair for `POST /m2m-auth`."""
        return dict(_CLIENT)

    def account_key(self) -> str:
        """The account's own key, which account-wide web hooks need in their path. No call gives it away."""
        return self._books.setting("api_key", _ACCOUNT_KEY)

    @override
    def load(self, season: Mapping[str, Any]) -> None:
        """Add a season. All of it, or nothing.

        A mapping; every part may be left out. An attribute is named as the platform names it and has the platform's
        default when left out; ids are numbers, unique per type, and given out where left out; times are ISO 8601, with
        an offset, `Z`, or in the event's zone.

        - `account`: `api_key`, `timezone`, `currency`, `iso_code`: of the account and its new events.
        - `users`: `email`, `password`, `name`. `clients`: `client_id`, `client_secret`.
        - `countries`: with `regions`, these with `cities`.
        - `event_custom_fields`: `name`.
        - `web_hooks`: `target_url`, `trigger`, and `event` (its `event_uri`; none for the whole account).
        - `events`: the attributes of the detail shape, `budget`, `api_key`, `registration_start_date`,
          `registration_end_date`, `address_details`, `custom_fields_data`, `sender_name`, and
            - `attendee_types`: also `group_seats` (how many a group holds; none for no groups), `first_field_id` (the
              eleven built-in fields count from it), `custom_fields`
            - `speakers`, `workshop_categories`, `workshops` (with lists of ids `speakers`, `workshop_categories`)
            - `purchase_items`
            - `attendees`: `attendee_type` (an id), the person's built-in fields (`first_name`, …, `birthdate` as
              `YYYY-MM-DD`), `custom_fields` (field id to value), `archived`, `workshops` (ids of activities), and
              `purchases` (`purchase_item`, `quantity`, `paid`), `payments`
            - `guests`, `pois`, `zones`, `stand_categories`, `stand_reservations` (with `leads`, `public`),
              `event_qa_sessions`, `massive_messages`, `event_params` (name to value)
            - `event_file_categories` (with `event_files`), `surveys` (with `questions` and `answers`)
            - `business_conferences`: with `participant_types` (these with `unavailable_hours`), `participants`,
              `meetings`
        """
        store = self.world.store
        store.begin()
        done = False
        try:
            Loader(self._books).load(season)
            done = True
        finally:
            if done:
                store.commit()
            else:
                store.rollback()

    @override
    def default_season(self, rng: random.Random) -> dict[str, Any]:
        return default_season(rng, self.world.clock.now())
