"""The evvnt stand-in: publisher, organiser and partner API behind one host and one kind of login.

Switches (`World.switches`), for what the reference leaves open or its editions contradict:

| switch | default | other values |
|---|---|---|
| `evvnt.created` | 200 | 201: the status of a successful POST |
| `evvnt.put_answer` | `"object"`: `{}` | `"empty"`: no body |
| `evvnt.string_ids` | False | True: every event id is a string, as in the newer edition |
| `evvnt.order` | `"added"` | `"updated"`: lists by last change, newest first; `"reversed"`: last added first |
| `evvnt.not_found` | `"empty"` | `"json"`, `"html"`: the body of a 404 |
| `evvnt.role_refusal` | 403 | 404: an endpoint that the login's API does not have |
| `evvnt.bad_filters` | `"reject"`: 400 | `"ignore"`: as if not sent |
| `evvnt.package_required` | False | True: an event without a package is refused |
| `evvnt.contact_required` | True | False: the grace period for old clients |
| `evvnt.nested` | `"replace"` | `"merge"`: what a PUT does to `contact`, `venue`, `links`, `prices` |
| `evvnt.check_end` | True | False: an end before the start is taken |
| `evvnt.door_rule` | `"documented"`: each API's own | `"lenient"`: only before the end |
| `evvnt.slug_and_url` | `"drop"`: the slug is ignored | `"reject"`: 400 |
| `evvnt.user_uuid` | False | True: one user's answer holds its `uuid` |
| `evvnt.slashes` | True | False: a trailing slash on GET is a 404 |
"""

from eventdesk_server.sandbox.evvnt.standin import EvvntStandIn

__all__ = ["EvvntStandIn"]
