"""What the Thunderbird scripts share: the program with a fresh profile, its calendar manager, plain requests to the server, and the count of checks."""
import base64
import datetime
import http.client
import os
import re
import tempfile
import time
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit, unquote

from marionette import Program

PRELUDE = """
const {cal} = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const {CalEvent} = ChromeUtils.importESModule("resource:///modules/CalEvent.sys.mjs");
const {CalTodo} = ChromeUtils.importESModule("resource:///modules/CalTodo.sys.mjs");
const {setTimeout} = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
const byId = id => cal.manager.getCalendarById(id);
const sleep = ms => new Promise(r => setTimeout(r, ms));
async function items(calendar) {
  return calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
}
async function refreshed(calendar) {
  await new Promise(resolve => {
    const observer = {
      QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
      onLoad() { calendar.removeObserver(observer); resolve(); },
      onStartBatch() {}, onEndBatch() {}, onAddItem() {}, onModifyItem() {}, onDeleteItem() {},
      onError() { calendar.removeObserver(observer); resolve(); },
      onPropertyChanged() {}, onPropertyDeleting() {},
    };
    calendar.addObserver(observer);
    calendar.refresh();
    setTimeout(() => { calendar.removeObserver(observer); resolve(); }, 20000);
  });
}
async function waitFor(test, ms = 20000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await test();
    if (value) { return value; }
    if (Date.now() > end) { return null; }
    await sleep(200);
  }
}
"""


class Server(object):
    def __init__(self, url, user, password):
        u = urlsplit(url)
        self.scheme, self.host = u.scheme, u.hostname
        self.port = u.port or (443 if u.scheme == "https" else 80)
        self.authorization = "Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode()

    def ask(self, method, path, body=None, auth=True, **headers):
        cls = http.client.HTTPSConnection if self.scheme == "https" else http.client.HTTPConnection
        c = cls(self.host, self.port, timeout=30)
        h = {k.replace("_", "-"): v for k, v in headers.items()}
        if auth:
            h["Authorization"] = self.authorization
        c.request(method, path, body.encode() if isinstance(body, str) else body, h)
        r = c.getresponse()
        data = r.read()
        c.close()
        return r.status, dict((k.lower(), v) for k, v in r.getheaders()), data.decode("utf-8", "replace")

    def realms(self, *paths):
        """The realms of the server's challenges: most have one, Cyrus has more."""
        found = []
        for path in paths:
            for method in ("PROPFIND", "OPTIONS", "GET"):
                status, headers, _ = self.ask(method, path, auth=False, Depth="0")
                challenge = headers.get("www-authenticate", "")
                if status == 401 and challenge.lower().startswith("basic"):
                    m = re.search(r'realm="([^"]*)"', challenge)
                    name = m.group(1) if m else ""
                    if name not in found:
                        found.append(name)
        return found

    def members(self, path):
        status, _, body = self.ask("PROPFIND", path, '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>', Depth="1",
                                   Content_Type="application/xml")
        if status != 207:
            return []
        hrefs = [urlsplit(r.findtext("{DAV:}href")).path for r in ET.fromstring(body).findall("{DAV:}response")]
        return [h for h in hrefs if unquote(h).rstrip("/") != unquote(path).rstrip("/")]

    def find(self, path, wanted):
        for href in self.members(path):
            status, _, body = self.ask("GET", href)
            if status == 200 and wanted in body:
                return href, body
        return None, None


def stamp(days, hour):
    d = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return d.strftime("%Y%m%dT") + "%02d0000Z" % hour


def event(uid, summary, days=1, hour=10, extra="", kind="VEVENT"):
    end = ("DTEND:%s\r\n" % stamp(days, hour + 1)) if kind == "VEVENT" else ("DUE:%s\r\n" % stamp(days, hour + 1))
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//conformance//EN\r\nBEGIN:%s\r\nUID:%s\r\nDTSTAMP:%s\r\nDTSTART:%s\r\n%s"
            "SUMMARY:%s\r\n%sEND:%s\r\nEND:VCALENDAR\r\n" % (kind, uid, stamp(0, 0), stamp(days, hour), end, summary, extra, kind))


class Checks(object):
    """One line for each thing checked, the total last."""

    def __init__(self, title):
        self.title, self.passed, self.failed = title, 0, 0

    def check(self, name, ok, note=""):
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)
        print("%-4s %s%s" % ("ok" if ok else "FAIL", name, "" if ok or not note else "  (%s)" % str(note)[:300]), flush=True)
        return ok

    def attempt(self, name, f):
        try:
            value = f()
            self.check(name, value, "" if value else "nothing")
            return value
        except Exception as problem:
            self.check(name, False, problem)
            return None

    def end(self):
        print("%s %d passed, %d failed" % (self.title, self.passed, self.failed))
        return 1 if self.failed else 0


class Thunderbird(object):
    """Thunderbird, headless, with a fresh profile."""

    def __init__(self, user, password):
        port = int(os.environ.get("MARIONETTE_PORT", "5270"))
        self.user, self.password = user, password
        self.program = Program(os.environ.get("THUNDERBIRD", "/usr/bin/thunderbird"), port, {
            "mailnews.start_page.enabled": False, "app.update.enabled": False, "calendar.debug.log": True,
            "datareporting.policy.dataSubmissionEnabled": False, "mail.spotlight.firstRunDone": True,
            "calendar.timezone.useSystemTimezone": False, "calendar.timezone.local": "Europe/Berlin",
            "network.proxy.type": 0, "browser.dom.window.dump.enabled": True,
        }, os.path.join(tempfile.gettempdir(), "thunderbird-%d.log" % port))
        self.profile = self.program.profile
        # whoever sits before it types the password once more when asked: kept count of
        self.js("""
          const {MsgAuthPrompt} = ChromeUtils.importESModule("resource:///modules/MsgAsyncPrompter.sys.mjs");
          MsgAuthPrompt.prototype.promptAuth = function (channel, level, info, label, save) {
            Services.prefs.setIntPref("conformance.prompts", Services.prefs.getIntPref("conformance.prompts", 0) + 1);
            info.username = args[0]; info.password = args[1];
            if (save) { save.value = true; }
            return true;
          };""", user, password)

    def js(self, body, *args):
        return self.program.client.run(PRELUDE + body, *args)

    def detect(self, url):
        """What the "New calendar" dialog does: find the calendars behind the address."""
        return self.js("""
          const {CalDavProvider} = ChromeUtils.importESModule("resource:///modules/CalDavProvider.sys.mjs");
          const found = await CalDavProvider.detectCalendars(args[1], args[2], args[0], true);
          return (found || []).map(c => ({uri: c.uri.spec, name: c.name, readOnly: c.readOnly,
                                          color: c.getProperty("color")}));""", url, self.user, self.password)

    def remember(self, origin, realm):
        """The password, as the dialog's "remember" leaves it."""
        self.js("""
          const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
          login.init(args[0], null, args[1], args[2], args[3], "", "");
          const old = await Services.logins.searchLoginsAsync({origin: args[0], httpRealm: args[1]});
          if (!old.length) { await Services.logins.addLoginAsync(login); }""", origin, realm, self.user, self.password)

    def subscribe(self, url, name):
        """Adds a calendar; its id."""
        return self.js("""
          const c = cal.manager.createCalendar("caldav", Services.io.newURI(args[0]));
          c.name = args[2];
          c.setProperty("username", args[1]);
          c.setProperty("cache.enabled", true);
          c.setProperty("refreshInterval", "0");
          cal.manager.registerCalendar(c);
          return c.id;""", url, self.user, name)

    def open_hx(self, url, checks):
        """Finds the practitioner's HX_ calendar and adds it, the password remembered; its id, or None."""
        found = checks.attempt("the HX_ calendar is found", lambda: [c for c in self.detect(url) if c["name"].startswith("HX_")])
        if not found:
            return None
        server = Server(url, self.user, self.password)
        origin, hx = "%s://%s" % (server.scheme, urlsplit(url).netloc), urlsplit(found[0]["uri"]).path
        for realm in server.realms("/", hx):
            self.remember(origin, realm)
        return self.subscribe(origin + hx, found[0]["name"])

    def prompts(self):
        return self.js("return Services.prefs.getIntPref('conformance.prompts', 0);")

    def stop(self):
        self.program.stop(keep=True)

    def clean(self):
        self.program.clean()
