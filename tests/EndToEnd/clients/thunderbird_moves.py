#!/usr/bin/env python3
"""Thunderbird as a practitioner who moves an appointment that is in the calendar.

  thunderbird_moves.py URL USER PASSWORD FROM TO

Waits until an event that starts at FROM shows, moves it to start at TO, and
waits until the server has taken that. FROM and TO are seconds since 1970, UTC,
and whole hours apart.
"""
import sys

from thunderbird_session import Checks, Thunderbird


def main():
    if len(sys.argv) != 6:
        print(__doc__)
        return 2
    url, user, password = sys.argv[1:4]
    before, after = int(sys.argv[4]), int(sys.argv[5])
    checks = Checks("MOVES")
    thunderbird = Thunderbird(user, password)
    js = thunderbird.js
    shown = """
      const c = byId(args[0]);
      async function at(seconds) {
        const end = Date.now() + 30000;
        while (Date.now() < end) {
          await refreshed(c);
          const found = (await items(c)).find(i => i.startDate && i.startDate.nativeTime == seconds * 1000000);
          if (found) { return found; }
          await sleep(300);
        }
        return null;
      }"""
    try:
        calendar = thunderbird.open_hx(url, checks)
        if not calendar:
            return checks.end()
        checks.attempt("the appointment shows in the client", lambda: js(shown + "return !!(await at(args[1]));", calendar, before))
        checks.attempt("the client moves it", lambda: js(shown + """
          const old = await at(args[1]), changed = old.clone();
          const start = changed.startDate.clone(), end = changed.endDate.clone();
          start.hour += (args[2] - args[1]) / 3600; end.hour += (args[2] - args[1]) / 3600;
          changed.startDate = start; changed.endDate = end;
          await c.modifyItem(changed, old);
          return !!(await at(args[2]));""", calendar, before, after))
        checks.check("the client asked for no password again", thunderbird.prompts() == 0)
    finally:
        thunderbird.stop()
        thunderbird.clean()
    return checks.end()


sys.exit(main())
