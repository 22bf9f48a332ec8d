"""Event Schedule on loopback: schedules, events, sales, and the oddities of its REST API.

Switches, read at each request:

- `eventschedule.hosted` (False): the vendor's own service instead of a self-hosted server. Plans gate the API, codes
  are needed to register, unknown paths are 404, trailing slashes are 301, creation has daily caps.
- `eventschedule.registration_open` (False): a self-hosted server with accounts still lets people register.
- `eventschedule.pause` (0.25): seconds that a refused key or password waits.
- `eventschedule.unstable_ties` (False): rows with equal sort keys change places between pages.
- `eventschedule.installation` ("sandbox"): what ids are derived from; another value makes other ids.
"""

from eventdesk_server.sandbox.eventschedule.standin import EventScheduleStandIn

__all__ = ["EventScheduleStandIn"]
