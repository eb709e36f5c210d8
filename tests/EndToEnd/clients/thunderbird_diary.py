#!/usr/bin/env python3
"""Thunderbird as a practitioner beside the diary: what is done on one side shows on the other.

  thunderbird_diary.py URL USER PASSWORD DIARYPASSWORD

The practitioner of the demonstration practice; DIARYPASSWORD is an app password
of the level that shows everything, for the JSON API. One line for each check,
the total last.
"""
import base64
import datetime
import json
import sys
import time
import urllib.request

from thunderbird_session import Checks, Thunderbird, event


class Diary(object):
    """The diary's JSON API."""

    def __init__(self, url, user, password):
        self.url = url.rstrip("/") + "/api/appointments"
        self.authorization = "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode()

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(), {
            "Authorization": self.authorization, "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def appointments(self):
        today = datetime.date.today()
        return self.ask("GET", "?from=%s&until=%s" % (today - datetime.timedelta(21), today + datetime.timedelta(35)))["appointments"]

    def find(self, uid):
        return next((a for a in self.appointments() if a["id"] == uid), None)


def until(test, seconds=20):
    end = time.time() + seconds
    while time.time() < end:
        value = test()
        if value:
            return value
        time.sleep(0.3)
    return None


def main():
    if len(sys.argv) != 5:
        print(__doc__)
        return 2
    url, user, password, diary_password = sys.argv[1:]
    diary = Diary(url, user, diary_password)
    checks = Checks("DIARY")
    attempt = checks.attempt
    thunderbird = Thunderbird(user, password)
    js = thunderbird.js
    shown = """
      const c = byId(args[0]);
      async function until(test) {
        const end = Date.now() + 20000;
        while (Date.now() < end) { await refreshed(c); const i = await c.getItem(args[1]); if (test(i)) { return true; } await sleep(300); }
        return false;
      }"""
    try:
        calendar = thunderbird.open_hx(url, checks)
        if not calendar:
            return checks.end()
        attempt("its appointments show in the client", lambda: js("""
          const c = byId(args[0]); await refreshed(c); return await waitFor(async () => (await items(c)).length > 10);""", calendar))

        # client to diary
        uid = "tb-personal-%d@conformance" % time.time()
        attempt("an event made in the client is stored", lambda: js(
            "return !!(await byId(args[0]).addItem(new CalEvent(args[1])));", calendar, event(uid, "Dentist", days=3)))
        made = attempt("it arrives in the diary as a personal appointment", lambda: until(lambda: diary.find(uid)))
        checks.check("with its title, and as personal", made and made["kind"] == "personal" and made["title"] == "Dentist", made)

        # diary to client
        moved = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0) + datetime.timedelta(days=4)
        attempt("a move in the diary", lambda: diary.ask("PATCH", "/" + uid, {"start": moved.strftime("%Y-%m-%dT%H:%M:%SZ")}))
        attempt("arrives in the client", lambda: js(
            shown + "return until(i => i && i.startDate.nativeTime == args[2] * 1000000);", calendar, uid, int(moved.timestamp())))
        attempt("a patient appointment booked in the diary", lambda: diary.ask("POST", "/", {
            "patients": [{"reference": "PT-9001", "givenName": "Quentin", "familyName": "Xylander"}], "type": "Consultation",
            "start": (moved + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"), "minutes": 50}))
        booked = next((a for a in diary.appointments() if any(p.get("familyName") == "Xylander" for p in a["patients"])), None)
        if checks.check("is in the diary", booked):
            attempt("shows in the client without the patient's name", lambda: js(
                shown + "return until(i => i && i.title && !i.icalString.includes('Xylander'));", calendar, booked["id"]))

            # the client reschedules a patient appointment, and removes it
            js("""const c = byId(args[0]); const old = await c.getItem(args[1]); const changed = old.clone();
              const start = changed.startDate.clone(), end = changed.endDate.clone(); start.hour += 1; end.hour += 1;
              changed.startDate = start; changed.endDate = end; await c.modifyItem(changed, old); return true;""", calendar, booked["id"])
            attempt("a move in the client reschedules it in the diary", lambda: until(
                lambda: (diary.find(booked["id"]) or booked)["start"]["utc"] != booked["start"]["utc"]))
            js("const c = byId(args[0]); await c.deleteItem(await c.getItem(args[1])); return true;", calendar, booked["id"])
            attempt("a removal in the client cancels it in the diary", lambda: until(
                lambda: (diary.find(booked["id"]) or booked)["status"] == "cancelled"))

        js("const c = byId(args[0]); await c.deleteItem(await c.getItem(args[1])); return true;", calendar, uid)
        attempt("a removal in the client deletes the personal appointment", lambda: until(lambda: diary.find(uid) is None))
        checks.check("the client asked for no password again", thunderbird.prompts() == 0)
    finally:
        thunderbird.stop()
        thunderbird.clean()
    return checks.end()


sys.exit(main())
