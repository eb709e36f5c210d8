#!/usr/bin/env python3
"""Thunderbird's calendar against a CalDAV server, headless, through Marionette.

  thunderbird.py URL USER PASSWORD [--user2 U --password2 P --cuaddr mailto:... --cuaddr2 mailto:...]

URL is what a person would type into "New calendar": the server's root, the
principal or the home. Each line printed is one thing checked; the exit status
is 0 when all passed. Thunderbird must be installed (THUNDERBIRD, default
/usr/bin/thunderbird); nothing else is needed, not even a display. With a
second user the scheduling checks are run, too. MARIONETTE_PORT: default 5270.
"""
import argparse
import json
import os
import sqlite3
import sys
import time
from urllib.parse import urlsplit

from thunderbird_session import Checks, Server, Thunderbird, event


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("url")
    p.add_argument("user")
    p.add_argument("password")
    p.add_argument("--name", default="thunderbird-check", help="calendar made in the home for the run")
    p.add_argument("--user2", default="")
    p.add_argument("--password2", default="")
    p.add_argument("--cuaddr", default="", help="the user's own address, mailto:...")
    p.add_argument("--cuaddr2", default="")
    o = p.parse_args()
    server = Server(o.url, o.user, o.password)
    origin = "%s://%s" % (server.scheme, urlsplit(o.url).netloc)
    checks = Checks("THUNDERBIRD")
    check, attempt = checks.check, checks.attempt
    thunderbird = Thunderbird(o.user, o.password)
    js = thunderbird.js
    home = calendar_path = None
    try:
        # 1. find the calendars behind the address
        found = attempt("calendars are detected from " + o.url, lambda: thunderbird.detect(o.url)) or []
        for c in found:
            print("       found %s (%s)" % (c["uri"], c["name"]))
        paths = [urlsplit(c["uri"]).path for c in found]
        if not paths:
            return 1
        home = paths[0].rstrip("/").rsplit("/", 1)[0] + "/"
        calendar_path = home + o.name + "/"
        server.ask("DELETE", calendar_path)
        status, _, _ = server.ask("MKCALENDAR", calendar_path)
        if status != 201:
            print("       no MKCALENDAR (%d): using %s" % (status, paths[0]))
            calendar_path = paths[0]
        else:
            attempt("a calendar made meanwhile is detected too", lambda: [
                c for c in thunderbird.detect(o.url) if urlsplit(c["uri"]).path == calendar_path])

        for realm in server.realms(urlsplit(o.url).path or "/", home, calendar_path):
            thunderbird.remember(origin, realm)

        uid1 = "tb-server-%d@conformance" % time.time()
        server.ask("PUT", calendar_path + "one.ics", event(uid1, "From the server"), Content_Type="text/calendar; charset=utf-8")
        calendar = thunderbird.subscribe(origin + calendar_path, "Under test")

        # 2. server to client
        attempt("an event on the server shows in the client", lambda: js("""
          const c = byId(args[0]); await refreshed(c);
          return await waitFor(async () => (await items(c)).map(i => i.title).includes("From the server"));""", calendar))

        check("the calendar is writable and on line", js(
            "const c = byId(args[0]); return !c.readOnly && !c.getProperty('disabled') && !c.getProperty('currentStatus');", calendar),
            js("const c = byId(args[0]); return [c.readOnly, c.getProperty('disabled'), c.getProperty('currentStatus')];", calendar))
        server.ask("PUT", calendar_path + "one.ics", event(uid1, "Changed on the server"), Content_Type="text/calendar; charset=utf-8")
        attempt("a change on the server shows in the client", lambda: js("""
          const c = byId(args[0]); await refreshed(c);
          return await waitFor(async () => (await items(c)).map(i => i.title).includes("Changed on the server"));""", calendar))
        server.ask("PUT", calendar_path + "two.ics", event(
            "tb-rec-%d@conformance" % time.time(), "Every day", extra="RRULE:FREQ=DAILY;COUNT=5\r\n"), Content_Type="text/calendar")
        attempt("a recurring event shows its five instances", lambda: js("""
          const c = byId(args[0]); await refreshed(c);
          const start = cal.dtz.now(); const end = start.clone(); end.day += 30;
          return await waitFor(async () => {
            const all = await c.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS | Ci.calICalendar.ITEM_FILTER_CLASS_OCCURRENCES, 0, start, end);
            return all.filter(i => i.title == "Every day").length == 5; });""", calendar))
        server.ask("DELETE", calendar_path + "one.ics")
        attempt("a removal on the server shows in the client", lambda: js("""
          const c = byId(args[0]); await refreshed(c);
          return await waitFor(async () => !(await items(c)).some(i => i.title == "Changed on the server"));""", calendar))

        # 3. client to server
        uid2 = "tb-client-%d@conformance" % time.time()
        attempt("an event made in the client is stored by the server", lambda: js("""
          const item = await byId(args[0]).addItem(new CalEvent(args[1])); return !!item;""", calendar,
            event(uid2, "From the client \u00e9\u4e2d")) and server.find(calendar_path, uid2)[0])
        attempt("its text is the same there", lambda: "From the client \u00e9\u4e2d" in (server.find(calendar_path, uid2)[1] or ""))
        attempt("a change made in the client is stored by the server", lambda: js("""
          const c = byId(args[0]); const old = await c.getItem(args[1]); const changed = old.clone();
          changed.title = "Changed in the client"; await c.modifyItem(changed, old); return true;""", calendar, uid2)
            and "Changed in the client" in (server.find(calendar_path, uid2)[1] or ""))
        attempt("an override of one instance is stored by the server", lambda: js("""
          const c = byId(args[0]); const all = await items(c);
          const master = all.find(i => i.title == "Every day"); const changed = master.clone();
          const start = cal.dtz.now(); const end = start.clone(); end.day += 30;
          const one = changed.recurrenceInfo.getOccurrences(start, end, 0)[2].clone();
          one.title = "Only this one"; changed.recurrenceInfo.modifyException(one, true);
          await c.modifyItem(changed, master); return true;""", calendar)
            and "RECURRENCE-ID" in (server.find(calendar_path, "Only this one")[1] or ""))
        uid3 = "tb-todo-%d@conformance" % time.time()
        attempt("a task made in the client is stored by the server", lambda: js("""
          const item = await byId(args[0]).addItem(new CalTodo(args[1])); return !!item;""", calendar,
            event(uid3, "A task", kind="VTODO")) and server.find(calendar_path, uid3)[0])
        attempt("a removal in the client is done by the server", lambda: js("""
          const c = byId(args[0]); await c.deleteItem(await c.getItem(args[1])); return true;""", calendar, uid2)
            and server.find(calendar_path, uid2)[0] is None)

        # 4. many at once, and a second sync finding nothing to do
        for n in range(60):
            server.ask("PUT", "%sbulk%02d.ics" % (calendar_path, n), event("tb-bulk-%02d@conformance" % n, "Bulk %02d" % n, days=n % 20), Content_Type="text/calendar")
        attempt("sixty new events arrive in one sync", lambda: js("""
          const c = byId(args[0]); await refreshed(c);
          return await waitFor(async () => (await items(c)).filter(i => i.title.startsWith("Bulk ")).length == 60);""", calendar))
        attempt("a sync with nothing new keeps all items", lambda: js("""
          const c = byId(args[0]); const before = (await items(c)).length; await refreshed(c); await sleep(1000);
          return (await items(c)).length == before;""", calendar))

        # 5. conflict: the item changed on the server after the client last saw it
        href, body = server.find(calendar_path, "tb-bulk-00@conformance")
        href, body = href or calendar_path + "bulk00.ics", body or ""
        server.ask("PUT", href, body.replace("SUMMARY:Bulk 00", "SUMMARY:Theirs"), Content_Type="text/calendar")

        def conflict():
            js("""
              const c = byId(args[0]); const old = await c.getItem("tb-bulk-00@conformance"); const changed = old.clone();
              changed.title = "Ours";
              c.modifyItem(changed, old).catch(() => {}); await sleep(4000); return true;""", calendar)
            return "Theirs" in server.ask("GET", href)[2]
        attempt("the client does not overwrite a change it has not seen", conflict)

        # 6. scheduling, where the server offers it
        info = js("""
          const c = byId(args[0]); const inner = c.wrappedJSObject && c.wrappedJSObject.mUncachedCalendar || c;
          const d = inner.wrappedJSObject || inner;
          return {schedule: !!c.getProperty("capabilities.autoschedule.supported"), inbox: d.mInboxUrl ? d.mInboxUrl.spec : null,
                  outbox: d.mOutboxUrl ? d.mOutboxUrl.spec : null, addresses: d.mCalendarUserAddresses || null,
                  principal: d.mPrincipalUrl ? d.mPrincipalUrl.spec : null, sync: !!d.mHasWebdavSyncSupport,
                  freebusy: !!d.hasFreeBusy};""", calendar)
        print("       client sees: " + json.dumps(info))
        check("the client uses sync-collection", info.get("sync"), info)
        asked = thunderbird.prompts()
        check("the client asked for no password again", asked == 0, "%d times" % asked)
        if o.user2:
            check("the client sees automatic scheduling", info.get("schedule") and info.get("outbox"), info)
            other = Server(o.url, o.user2, o.password2)
            uid4 = "tb-meet-%d@conformance" % time.time()
            attempt("an invitation made in the client is stored", lambda: js("""
              const item = await byId(args[0]).addItem(new CalEvent(args[1])); return !!item;""", calendar, event(
                uid4, "Meeting", days=3, extra="ORGANIZER:%s\r\nATTENDEE;PARTSTAT=ACCEPTED:%s\r\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:%s\r\n" % (
                    o.cuaddr, o.cuaddr, o.cuaddr2))) and server.find(calendar_path, uid4)[0])
            home2 = home.replace(o.user, o.user2)

            def arrived():
                for _ in range(20):
                    for c in other.members(home2):
                        if other.find(c, uid4)[0]:
                            return True
                    time.sleep(0.5)
                return False
            attempt("it arrives in the attendee's calendar or inbox", arrived)
            attempt("free-busy of the attendee is answered", lambda: js("""
              const c = byId(args[0]); const inner = c.wrappedJSObject && c.wrappedJSObject.mUncachedCalendar || c;
              const d = inner.wrappedJSObject || inner;
              const start = cal.dtz.now(); start.isDate = false; const end = start.clone(); end.day += 7;
              return await new Promise(resolve => {
                d.getFreeBusyIntervals(args[1], start, end, Ci.calIFreeBusyInterval.BUSY_ALL, {
                  onResult(op, result) { resolve(result ? result.length + 1 : 0); } });
                setTimeout(() => resolve(0), 15000); });""", calendar, o.cuaddr2))
    finally:
        thunderbird.stop()

        def stored():
            db = sqlite3.connect(os.path.join(thunderbird.profile, "calendar-data", "cache.sqlite"))
            try:
                return db.execute("select count(*) from cal_events where title like 'Bulk %'").fetchone()[0] >= 59
            finally:
                db.close()
        if calendar_path:
            attempt("the items are in the client's cache.sqlite", stored)
        thunderbird.clean()
        if calendar_path and calendar_path.endswith(o.name + "/"):
            server.ask("DELETE", calendar_path)
    return checks.end()


sys.exit(main())
