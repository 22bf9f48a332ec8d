"""A stand-in for Eventtia's Connect API, version 3: all 69 endpoints of its reference, and the server-to-server login.

Where the reference is silent the answer is a guess, and a switch offers the others. The switches, each under
`eventtia.`, read at every request:

- `omit_links`, `omit_meta`: lists come without them.
- `next_host`: an origin (`https://other.example`) that `links.next` names instead of this one.
- `page_cap` (true): false lets `page[size]` go beyond 24, or 100 on the slim list.
- `dates`: `utc` or `offset` spells every time one way; otherwise each attribute keeps the platform's own spelling.
- `message_shape`: `string`, `array`, `object` or `html` for every refusal; otherwise texts, and objects for 422.
- `one_401` (0): refuse that many of the next good requests, counting down, and revoke their tokens.
- `token_generation` (0): raising it makes every token given out before worthless.
- `retry_after`: the value of that header on the 429 which 100 requests a minute lead to; none without it.
- `cancel_answer` (`empty`): or `no_content` (204), `null`, `resource`. `cancelled_is_gone`: then 404 by id, too.
- `clone_polls` (2): how often progress is false before the copy is made. `clone_stuck`: it is never made.
- `template_lists_templates_only`: `template=<id>` finds nothing for a source that is no template.
- `unlimited_types`: every attendee type has `capacity: null` (and `availability: 0`).
- `price_as`: `text` or `number` for the prices of attendee types and activities.
- `untyped_attendees`: attendees without `attendee_type`. `unknown_fields`: a field without a definition in each.
- `register_status` (200): or 201. `duplicate_emails`: one address may register twice.
- `public_attendees` (true): false refuses the list of attendees without a token.
- `stale_token_is_public`: public calls with a bad token answer as without one, not with 401.
- `by_email_miss` (`404`): or `null` for `{"data": null}`.
- `param_answer` (`resource`): or `object` (`{"param_value": …}`), `bare`.
- `hooks_disabled`: web hooks are refused.
- `zone_from_virtual`: offline events without a city take their zone from `virtual_timezone`, not from the account.
"""

from eventdesk_server.sandbox.eventtia.standin import EventtiaStandIn

__all__ = ["EventtiaStandIn"]
