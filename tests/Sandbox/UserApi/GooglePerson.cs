using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Google;
using Sandbox.Google.Calendars;
using Sandbox.Google.Series;
using Sandbox.State;

namespace Sandbox.UserApi;

/// <summary>A person in Google Calendar: their acts follow the same rules as the API's, and are reported the same way.</summary>
public sealed class GooglePerson(Store store, VirtualClock clock, GooglePush push) : IPerson
{
    public string Vendor => "google";

    public JsonObject AddCalendar(Account account, string name) =>
        CalendarResource.Show(CalendarResource.Create(store, account, Ids.Calendar(), new JsonObject { ["summary"] = name }, madeBy: null, clock.GetCurrentInstant()));

    public JsonObject Create(CalendarRow calendar, JsonObject wish)
    {
        var book = Book(calendar);
        var item = (wish["resource"] as JsonObject)?.DeepClone().AsObject() ?? new JsonObject
        {
            ["summary"] = (string?)wish["title"],
            ["start"] = Time(book, (string)wish["start"]!, (string?)wish["timeZone"]),
            ["end"] = Time(book, (string)wish["end"]!, (string?)wish["timeZone"]),
        };
        if ((string?)wish["rule"] is { Length: > 0 } rule) item["recurrence"] = new JsonArray("RRULE:" + rule);
        var id = Ids.Event();
        return book.Create(item, id, id + "@google.com");
    }

    public JsonObject Move(CalendarRow calendar, string id, string start, string end)
    {
        var book = Book(calendar);
        var target = Target(book, id);
        var changes = Times(book, target, start, end);
        if (CalendarBook.IsMaster(target)) changes["recurrence"] = book.RulesFrom(target, changes["start"]!);
        return book.Write(target, changes, replace: false);
    }

    public JsonObject MoveFollowing(CalendarRow calendar, string occurrence, string start, string end)
    {
        var book = Book(calendar);
        var target = Target(book, occurrence);
        return book.Split(Master(book, target), When.Kept(target["originalStartTime"]!), Times(book, target, start, end));
    }

    public JsonObject Edit(CalendarRow calendar, string id, JsonObject changes)
    {
        var book = Book(calendar);
        return book.Write(Target(book, id), changes, replace: false);
    }

    public JsonObject Titled(string title) => new() { ["summary"] = title };

    /// <summary>§A3: a copy in the calendar's page has the private properties of the original, so an app's tags too.</summary>
    public JsonObject Copy(CalendarRow calendar, string id)
    {
        var book = Book(calendar);
        var copy = Target(book, id).DeepClone().AsObject();
        foreach (var name in (string[])["recurringEventId", "originalStartTime", "etag", "updated", "organizer"]) copy.Remove(name);
        var fresh = Ids.Event();
        return book.Create(copy, fresh, fresh + "@google.com");
    }

    public void Delete(CalendarRow calendar, string id)
    {
        var book = Book(calendar);
        book.Delete(Target(book, id));
    }

    public void DeleteFollowing(CalendarRow calendar, string occurrence)
    {
        var book = Book(calendar);
        var target = Target(book, occurrence);
        var (master, at) = (Master(book, target), When.Kept(target["originalStartTime"]!));
        // before the first there is nothing left
        if (book.Instances(master).First()["id"]!.GetValue<string>() == CalendarBook.Id(target)) book.Delete(master);
        else book.EndBefore(master, at);
    }

    /// <summary>§A3 (5): a deleted event keeps its id and all that it was, and has them again.</summary>
    public JsonObject Restore(CalendarRow calendar, string id)
    {
        var book = Book(calendar);
        var target = Target(book, id);
        if (CalendarBook.IsLive(target)) throw new NotThereException("It is not in the bin.");
        return book.Restore(target);
    }

    public void DeleteCalendar(CalendarRow calendar) => CalendarResource.Delete(store, push, calendar);

    public string Name(CalendarRow calendar) => (string?)JsonNode.Parse(calendar.Json)!["summary"] ?? "";

    public IReadOnlyList<Seen> Look(CalendarRow calendar)
    {
        var book = Book(calendar);
        var all = book.Log.Now().Select(x => x.Json).ToList();
        var seen = all.Where(x => !CalendarBook.IsInstance(x)).SelectMany(x => CalendarBook.IsMaster(x) && CalendarBook.IsLive(x) ? book.Instances(x).Take(30) : [x]);
        return [.. seen.Select(x => Line(book, x)).OrderBy(x => x.Start, StringComparer.Ordinal)];
    }

    private static Seen Line(CalendarBook book, JsonObject item) => new(
        CalendarBook.Id(item), (string?)item["summary"] ?? "(No title)", Text(book, item["start"]!), Text(book, item["end"]!),
        (string?)item["recurringEventId"], CalendarBook.IsLive(item));

    private static string Text(CalendarBook book, JsonNode time)
    {
        var when = When.Kept(time);
        return when.Date is { } day ? LocalDatePattern.Iso.Format(day) : when.At.InZone(when.ZoneOr(book.Zone)).ToString("uuuu-MM-dd HH:mm", null);
    }

    private CalendarBook Book(CalendarRow calendar) => new(store, clock, push, calendar, store.Accounts.FindById(calendar.Account), "");

    private static JsonObject Target(CalendarBook book, string id) => book.Resolve(id) ?? throw new NotThereException("There is no such event.");

    private static JsonObject Master(CalendarBook book, JsonObject occurrence) =>
        book.Find((string?)occurrence["recurringEventId"] ?? throw new NotThereException("That is not an occurrence of a series."))!;

    private static JsonObject Times(CalendarBook book, JsonObject target, string start, string end)
    {
        var zone = (string?)target["start"]!["timeZone"];
        return new JsonObject { ["start"] = Time(book, start, zone), ["end"] = Time(book, end, zone) };
    }

    /// <summary>A date, a wall time in the calendar's zone, or a time with an offset.</summary>
    private static JsonObject Time(CalendarBook book, string text, string? zone) =>
        text.Contains('T') ? new JsonObject { ["dateTime"] = text.Length == 16 ? text + ":00" : text, ["timeZone"] = zone ?? book.Zone } : new JsonObject { ["date"] = text };
}
