using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Microsoft;
using Sandbox.Microsoft.Calendars;
using Sandbox.State;

namespace Sandbox.UserApi;

/// <summary>A person in Outlook.</summary>
public sealed class MicrosoftPerson(Store store, VirtualClock clock, GraphPush push) : IPerson
{
    public string Vendor => "microsoft";

    public JsonObject AddCalendar(Account account, string name) => GraphCalendar.Show(GraphCalendar.Create(store, account, name, madeBy: null, clock.GetCurrentInstant()), account);

    public JsonObject Create(CalendarRow calendar, JsonObject wish)
    {
        var mailbox = Of(calendar);
        if (wish["resource"] is JsonObject resource) return Known(mailbox.Create(calendar, resource, immutable: true));
        var zone = (string?)wish["timeZone"] ?? mailbox.Account.TimeZone;
        var (start, end) = ((string)wish["start"]!, (string)wish["end"]!);
        var item = new JsonObject { ["subject"] = (string?)wish["title"], ["start"] = Time(start, zone), ["end"] = Time(end, zone), ["isAllDay"] = !start.Contains('T') };
        if ((string?)wish["rule"] is { Length: > 0 } rule) item["recurrence"] = JsonNode.Parse(rule);
        return Known(mailbox.Create(calendar, item, immutable: true));
    }

    public JsonObject Move(CalendarRow calendar, string id, string start, string end)
    {
        var mailbox = Of(calendar);
        var target = Target(mailbox, id);
        return Known(mailbox.Update(target, Times(target.Item, start, end)));
    }

    /// <summary>Outlook ends the series on the day before and begins a new one, with another id and UID.</summary>
    public JsonObject MoveFollowing(CalendarRow calendar, string occurrence, string start, string end)
    {
        var mailbox = Of(calendar);
        var target = Target(mailbox, occurrence);
        var master = MasterOf(mailbox, target);
        var rest = Copied(master);
        foreach (var (name, value) in Times(target.Item, start, end)) rest[name] = value!.DeepClone();
        rest["recurrence"]!["range"]!["startDate"] = start[..10];
        // moved to another day of the week the rest repeats on that
        if (rest["recurrence"]!["pattern"]!["daysOfWeek"] is JsonArray { Count: 1 } && (string?)rest["recurrence"]!["pattern"]!["type"] == "weekly")
            rest["recurrence"]!["pattern"]!["daysOfWeek"] = new JsonArray(LocalDatePattern.Iso.Parse(start[..10]).Value.DayOfWeek.ToString().ToLowerInvariant());
        var passed = mailbox.Occurrences(master).TakeWhile(x => x.Key != target.Key).Count() + Mailbox.Cancelled(master).Count(x => string.CompareOrdinal(x, (string)target.Item["_day"]!) < 0);
        if ((int?)rest["recurrence"]!["range"]!["numberOfOccurrences"] is { } count and > 0) rest["recurrence"]!["range"]!["numberOfOccurrences"] = count - passed;
        EndBefore(mailbox, master, target);
        return Known(mailbox.Create(calendar, rest, immutable: true));
    }

    public JsonObject Edit(CalendarRow calendar, string id, JsonObject changes)
    {
        var mailbox = Of(calendar);
        return Known(mailbox.Update(Target(mailbox, id), changes));
    }

    public JsonObject Titled(string title) => new() { ["subject"] = title };

    /// <summary>A copy carries the app's tags, as Google's does (§D).</summary>
    public JsonObject Copy(CalendarRow calendar, string id)
    {
        var mailbox = Of(calendar);
        return Known(mailbox.Create(calendar, Copied(Target(mailbox, id)), immutable: true));
    }

    public void Delete(CalendarRow calendar, string id)
    {
        var mailbox = Of(calendar);
        mailbox.Delete(Target(mailbox, id));
    }

    public void DeleteFollowing(CalendarRow calendar, string occurrence)
    {
        var mailbox = Of(calendar);
        var target = Target(mailbox, occurrence);
        EndBefore(mailbox, MasterOf(mailbox, target), target);
    }

    public JsonObject Restore(CalendarRow calendar, string id) => Known(Of(calendar).Restore(calendar, id) ?? throw new NotThereException("It is not among the deleted items."));

    public void DeleteCalendar(CalendarRow calendar) => GraphCalendar.Delete(store, calendar);

    public string Name(CalendarRow calendar) => GraphCalendar.NameOf(calendar);

    public IReadOnlyList<Seen> Look(CalendarRow calendar)
    {
        var mailbox = Of(calendar);
        return [.. mailbox.Roots(calendar.Id).SelectMany(x => x.Type == "seriesMaster" ? mailbox.Occurrences(x).Take(30) : [x]).Select(Line).OrderBy(x => x.Start, StringComparer.Ordinal)];
    }

    private static Seen Line(Mailbox.Entry entry) => new(Mailbox.IdOf(entry.Key, immutable: true), (string?)entry.Item["subject"] ?? "(No title)",
        Text(entry.Item, "start"), Text(entry.Item, "end"), entry.Item["_master"] is { } master ? Mailbox.IdOf((string)master!, immutable: true) : null, Live: true);

    private static string Text(JsonObject item, string name) =>
        GraphTime.At(item[name]!).InZone(Mailbox.ZoneOf(item)).ToString(Mailbox.IsAllDay(item) ? "uuuu-MM-dd" : "uuuu-MM-dd HH:mm", null);

    private Mailbox Of(CalendarRow calendar) => new(store, clock, push, store.Accounts.FindById(calendar.Account));

    private static Mailbox.Entry Target(Mailbox mailbox, string id) => mailbox.Find(id) ?? throw new NotThereException("There is no such event.");

    private static Mailbox.Entry MasterOf(Mailbox mailbox, Mailbox.Entry occurrence) =>
        mailbox.Find(Mailbox.IdOf((string?)occurrence.Item["_master"] ?? throw new NotThereException("That is not an occurrence of a series."), immutable: true))!;

    private static void EndBefore(Mailbox mailbox, Mailbox.Entry master, Mailbox.Entry occurrence)
    {
        var recurrence = master.Item["recurrence"]!.DeepClone().AsObject();
        var range = recurrence["range"]!;
        range["type"] = "endDate";
        range["numberOfOccurrences"] = 0;
        var day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd").Parse((string)occurrence.Item["_day"]!).Value;
        range["endDate"] = LocalDatePattern.Iso.Format(day.PlusDays(-1));
        mailbox.Update(master, new JsonObject { ["recurrence"] = recurrence });
    }

    /// <summary>What a copy takes along, in the form of a body.</summary>
    private static JsonObject Copied(Mailbox.Entry entry)
    {
        var copy = new JsonObject();
        foreach (var name in (string[])["subject", "body", "isAllDay", "location", "recurrence", "showAs", "sensitivity", "importance", "categories", "isReminderOn", "reminderMinutesBeforeStart"])
            if (entry.Item[name] is { } value) copy[name] = value.DeepClone();
        foreach (var name in (string[])["start", "end"]) copy[name] = GraphTime.Show(GraphTime.At(entry.Item[name]!), Mailbox.IsAllDay(entry.Item) ? "UTC" : (string)entry.Item["_zone"]!);
        if (entry.Item["_tags"] is JsonObject tags) copy["singleValueExtendedProperties"] = new JsonArray([.. tags.Select(x => new JsonObject { ["id"] = x.Key, ["value"] = (string?)x.Value })]);
        return copy;
    }

    private static JsonObject Times(JsonObject item, string start, string end)
    {
        var zone = (string)item["_zone"]!;
        return new JsonObject { ["start"] = Time(start, zone), ["end"] = Time(end, zone) };
    }

    private static JsonObject Time(string text, string zone) => new() { ["dateTime"] = text.Contains('T') ? text.Length == 16 ? text + ":00" : text : text + "T00:00:00", ["timeZone"] = zone };

    private static JsonObject Known(Mailbox.Entry entry)
    {
        var known = entry.Item.DeepClone().AsObject();
        known["id"] = Mailbox.IdOf(entry.Key, immutable: true);
        return known;
    }
}
