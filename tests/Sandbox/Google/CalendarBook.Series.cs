using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.Google.Series;

namespace Sandbox.Google;

public sealed partial class CalendarBook
{
    /// <summary>
    /// §A3, "empirical series semantics": a write to a master resets the fields of every exception but its times (1); one that changes start or end moves
    /// every instance, moved ones included (2); any change of the rules of an "_R" series deletes it, or is refused when its first instance is cancelled (4);
    /// one set back to confirmed has its instances again (5).
    /// </summary>
    private JsonObject WriteMaster(JsonObject before, JsonObject after)
    {
        var newRules = !Rules.Same(before["recurrence"], after["recurrence"]);
        if (InstanceId.IsSplit(Id(before)) && newRules && IsLive(before))
        {
            if (Instances(before).FirstOrDefault() is { } first && !IsLive(first)) throw Refusal.BadRequest();
            return CancelSeries(before);
        }
        if (!IsLive(after)) return CancelSeries(after);
        var moved = !JsonNode.DeepEquals(before["start"], after["start"]) || !JsonNode.DeepEquals(before["end"], after["end"]);
        if (moved || newRules) after["sequence"] = (int)after["sequence"]! + 1;
        var saved = Save(after);
        if (!IsMaster(saved)) DropAll(Id(saved));
        else if (IsLive(before)) ResetExceptions(before, saved, moved);
        return saved;
    }

    private void DropAll(string master)
    {
        foreach (var exception in Exceptions(master).ToList()) Drop(Id(exception));
    }

    private void ResetExceptions(JsonObject before, JsonObject master, bool moved)
    {
        var occurring = Expansion.Of(master, Zone).ToDictionary(x => InstanceId.Of(Id(master), x.Start));
        foreach (var exception in Exceptions(Id(master)).ToList())
        {
            var original = Shifted(When.Kept(exception["originalStartTime"]!), before, master);
            var id = InstanceId.Of(Id(master), original);
            if (id != Id(exception) || !occurring.ContainsKey(id)) Drop(Id(exception));
            if (!occurring.TryGetValue(id, out var occurrence)) continue;
            var reset = Instance(master, id, occurrence);
            if (!moved) CopyTimes(exception, reset);
            if (!IsLive(exception)) reset["status"] = "cancelled";
            Save(reset);
        }
    }

    private static void CopyTimes(JsonObject from, JsonObject to)
    {
        foreach (var name in (string[])["start", "end"]) to[name] = from[name]!.DeepClone();
    }

    /// <summary>originalStartTime moves along with the series, in its wall time.</summary>
    private When Shifted(When original, JsonObject before, JsonObject after)
    {
        var was = When.Kept(before["start"]!);
        var now = When.Kept(after["start"]!);
        if (was.AllDay || now.AllDay)
        {
            if (was.AllDay && now.AllDay) return now with { Date = original.Date!.Value + Period.Between(was.Date!.Value, now.Date!.Value, PeriodUnits.Days) };
            return original;
        }
        var distance = Period.Between(Wall(was), Wall(now), PeriodUnits.Days | PeriodUnits.Seconds);
        return now with { At = (Wall(original with { Zone = was.Zone }) + distance).InZoneLeniently(now.ZoneOr(Zone)).ToInstant() };
    }

    private LocalDateTime Wall(When when) => when.At.InZone(when.ZoneOr(Zone)).LocalDateTime;

    /// <summary>§A3 (4): what is left of an "_R" series is cancelled, with the rule FREQ=DAILY;COUNT=1.</summary>
    private JsonObject CancelSeries(JsonObject master)
    {
        var cancelled = Cancelled(master);
        if (InstanceId.IsSplit(Id(master))) cancelled["recurrence"] = new JsonArray("RRULE:FREQ=DAILY;COUNT=1");
        return Save(cancelled);
    }

    /// <summary>
    /// "This and following": the series ends before the local midnight of that day, the rest is BASE_R, and later exceptions move to it (§A3, probe of
    /// 2026-10-05). A COUNT is what is left, counted from the base's first.
    /// </summary>
    public JsonObject Split(JsonObject master, When at, JsonObject changes)
    {
        var later = Expansion.Of(master, Zone).ToList();
        var passed = later.TakeWhile(x => x.Start.Moment(Zone) < at.Moment(Zone)).Count();
        if (passed == later.Count) throw Refusal.BadRequest();
        if (passed == 0) return Write(master, changes["start"] is { } first ? With(changes, "recurrence", RulesFrom(master, first)) : changes, replace: false);
        var id = InstanceId.Split(Id(master), at);
        if (Find(id) is { } known) return known; // the same split again answers with the same series
        var rest = master.DeepClone().AsObject();
        CopyTimes(Instance(master, id, later[passed]), rest);
        rest["recurrence"] = new JsonArray([.. master["recurrence"]!.AsArray().Select(x => (JsonNode)RestOf((string)x!, passed))]);
        Merge.Into(rest, Without(changes, ServerSet), replace: false);
        rest["recurrence"] = RulesFrom(rest, rest["start"]!);
        EndBefore(master, at);
        var made = Create(rest, id, id + "@google.com");
        MoveExceptions(master, made, at);
        return made;
    }

    private static JsonObject With(JsonObject changes, string name, JsonNode value)
    {
        var all = changes.DeepClone().AsObject();
        all[name] = value;
        return all;
    }

    /// <summary>The rules of a series when it begins then.</summary>
    public JsonArray RulesFrom(JsonObject master, JsonNode start)
    {
        var when = When.Kept(start);
        var day = when.Date is { } date ? date.DayOfWeek : Wall(when).DayOfWeek;
        return new JsonArray([.. master["recurrence"]!.AsArray().Select(line => (JsonNode)Rules.OnDay((string)line!, day))]);
    }

    private static string RestOf(string line, int passed) =>
        Rules.Count(line) is { } count ? line.Replace($"COUNT={count}", $"COUNT={count - passed}", StringComparison.OrdinalIgnoreCase) : line;

    public void EndBefore(JsonObject master, When at)
    {
        var ended = master.DeepClone().AsObject();
        ended["recurrence"] = new JsonArray([.. master["recurrence"]!.AsArray().Select(x => (JsonNode)Ended((string)x!, at, master))]);
        Save(ended);
    }

    private string Ended(string line, When at, JsonObject master)
    {
        if (!line.StartsWith("RRULE", StringComparison.Ordinal)) return line;
        if (at.Date is { } day) return $"{Rules.WithoutEnd(line)};UNTIL={day.PlusDays(-1):uuuuMMdd}";
        var zone = When.Kept(master["start"]!).ZoneOr(Zone);
        var midnight = at.At.InZone(zone).Date.AtStartOfDayInZone(zone).ToInstant() - Duration.FromSeconds(1);
        return $"{Rules.WithoutEnd(line)};UNTIL={midnight.InUtc().LocalDateTime:uuuuMMdd'T'HHmmss}Z";
    }

    private void MoveExceptions(JsonObject from, JsonObject to, When at)
    {
        foreach (var exception in Exceptions(Id(from)).Where(x => When.Kept(x["originalStartTime"]!).Moment(Zone) >= at.Moment(Zone)).ToList())
        {
            exception["recurringEventId"] = Id(to);
            exception["iCalUID"] = (string)to["iCalUID"]!;
            Save(exception);
        }
    }
}
