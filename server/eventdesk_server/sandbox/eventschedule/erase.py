"""Removing an event, with all that hangs on it."""

from eventdesk_server.sandbox.eventschedule.state import State


def erase_event(state: State, number: int) -> None:
    """Delete an event for good: its tickets, parts, sales, feedback and fan content vanish with it.

    A venue or talent schedule with neither e-mail nor phone whose only event this was goes too.
    """
    lone = state.store.rows(
        "select r.id from eventschedule_attachment a join eventschedule_role r on r.id = a.role_id "
        "where a.event_id = ? and r.type in ('venue', 'talent') and r.email is null and r.phone is null "
        "and not exists (select 1 from eventschedule_attachment b where b.role_id = r.id and b.event_id <> ?)",
        (number, number),
    )
    run = state.store.execute
    run(
        "delete from eventschedule_line where sale_id in (select id from eventschedule_sale where event_id = ?)",
        (number,),
    )
    for table in ("sale", "ticket", "part", "attachment", "feedback", "fan"):
        run(f"delete from eventschedule_{table} where event_id = ?", (number,))
    run("delete from eventschedule_event where id = ?", (number,))
    for row in lone:
        run("delete from eventschedule_member where role_id = ?", (row["id"],))
        run("delete from eventschedule_grouping where role_id = ?", (row["id"],))
        run("delete from eventschedule_role where id = ?", (row["id"],))
