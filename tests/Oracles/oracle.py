"""Reads series as JSON lines and answers each with the instants (seconds since 1970) of its first occurrences, by python-dateutil.

What takes too long or throws is answered with a word instead, so that one series does not end the others.
"""

import json
import re
import signal
import sys
import warnings
from datetime import datetime, timedelta, timezone

from dateutil import tz
from dateutil.rrule import rruleset, rrulestr

SECONDS = 0.15
EPOCH = datetime(1970, 1, 1)
UNTIL = re.compile(r"UNTIL=(\d{8})(T\d{6})?(Z?)")


class Slow(Exception):
    """The series took too long."""


def give_up(_signal, _frame):
    raise Slow


def read(text, zone):
    time = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")
    if text.endswith("Z"):
        return time.replace(tzinfo=tz.UTC)
    return time.replace(tzinfo=zone) if zone else time


def rule_of(text, start, zone, end):
    # dateutil refuses a local UNTIL where DTSTART has a zone: it is on the clock of DTSTART
    def until(match):
        if zone is None or match.group(3):
            return match.group(0)
        local = read(match.group(1) + (match.group(2) or ""), zone)
        return "UNTIL=" + local.astimezone(tz.UTC).strftime("%Y%m%dT%H%M%SZ")

    text = UNTIL.sub(until, text)
    if "UNTIL=" not in text:
        # else it looks for a next occurrence up to the year 9999
        text += ";UNTIL=" + (end.astimezone(tz.UTC).strftime("%Y%m%dT%H%M%SZ") if zone else end.strftime("%Y%m%dT%H%M%S"))
    return rrulestr("RRULE:" + text, dtstart=start)


def seconds(time):
    if time.tzinfo is None:
        return round((time - EPOCH).total_seconds())
    return round((time - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds())


def expand(series):
    start = read(series["start"], tz.gettz(series["zone"]) if series["zone"] else None)
    zone = start.tzinfo
    end = (EPOCH + timedelta(seconds=series["until"])).replace(tzinfo=zone)
    recurrence = rruleset()
    for text in series["rules"]:
        recurrence.rrule(rule_of(text, start, zone, end))
    for text in series["added"]:
        recurrence.rdate(read(text, zone))
    for text in series["excluded"]:
        recurrence.exdate(read(text, zone))
    times = []
    for time in recurrence:
        if len(times) == series["count"] or (time.replace(tzinfo=None) - EPOCH).total_seconds() > series["until"]:
            break
        times.append(seconds(time))
    return times


def answer(series):
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        return {"times": expand(series)}
    except Slow:
        return {"slow": True}
    except (ValueError, OverflowError, IndexError) as error:
        return {"error": str(error)}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main():
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGVTALRM, give_up)
    for line in sys.stdin:
        try:
            result = answer(json.loads(line))
        except Slow:
            result = {"slow": True}
        print(json.dumps(result))


main()
