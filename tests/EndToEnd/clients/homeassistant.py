#!/usr/bin/python3
"""What Home Assistant's CalDAV integration asks python-caldav to do, against a server: homeassistant.py URL USER PASSWORD

URL is the server's root. Debian: python3-caldav. The first calendars of events and of tasks get some and are left as they were.
"""
import datetime
import sys

import caldav

if len(sys.argv) != 4:
    sys.exit(__doc__)
url, user, password = sys.argv[1:]
passed = failed = 0


def check(what, ok):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print(("ok   " if ok else "FAIL ") + what)


client = caldav.DAVClient(url, None, user, password, ssl_verify_cert=True, timeout=30)
calendars = client.principal().calendars()
components = {str(c.url): c.get_supported_components() for c in calendars}
check("calendars of events and of tasks are found", any("VEVENT" in c for c in components.values()) and any("VTODO" in c for c in components.values()))
events = next(c for c in calendars if "VEVENT" in components[str(c.url)])
tasks = next(c for c in calendars if "VTODO" in components[str(c.url)])

monday = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
made = [
    events.save_event(dtstart=monday + datetime.timedelta(hours=9), dtend=monday + datetime.timedelta(hours=10), summary="Standup"),
    events.save_event(dtstart=datetime.date(2026, 6, 2), dtend=datetime.date(2026, 6, 3), summary="All day", rrule={"FREQ": "WEEKLY"}),
]
found = {str(e.icalendar_component["SUMMARY"]): e.icalendar_component["DTSTART"].dt for e in events.search(start=monday, end=monday + datetime.timedelta(days=7), event=True, expand=True)}
check("an event is at its time", found.get("Standup") == monday + datetime.timedelta(hours=9))
check("an all-day event is on its day", found.get("All day") == datetime.date(2026, 6, 2))
later = monday + datetime.timedelta(weeks=520)
check("a series is found ten years on", any(str(e.icalendar_component["SUMMARY"]) == "All day" for e in events.search(start=later, end=later + datetime.timedelta(days=7), event=True, expand=True)))
for event in made:
    event.delete()
check("removed events are gone", not events.search(start=monday, end=monday + datetime.timedelta(days=7), event=True, expand=True))

tasks.save_todo(summary="Milk", status="NEEDS-ACTION")
listed = [t for t in tasks.search(todo=True, include_completed=True) if str(t.icalendar_component["SUMMARY"]) == "Milk"]
check("a task is listed", len(listed) == 1)
task = tasks.todo_by_uid(str(listed[0].icalendar_component["UID"]))
task.vobject_instance.vtodo.summary.value = "Oat milk"
task.save(no_create=True, obj_type="todo")
check("a changed task is listed", any(str(t.icalendar_component["SUMMARY"]) == "Oat milk" for t in tasks.search(todo=True, include_completed=True)))
task.delete()
check("a removed task is gone", not tasks.search(todo=True, include_completed=True))
print("HOMEASSISTANT %d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
