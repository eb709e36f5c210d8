using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using NodaTime;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>Random filters (RFC 4791 §9.7) that often match something: they ask for words that are there, and for ranges that begin and end where something does.</summary>
/// <param name="random">Where chance comes from.</param>
/// <param name="moments">Starts and ends of what there is, and when alarms go off, by component.</param>
internal sealed class RandomFilters(Random random, ILookup<string, Instant> moments)
{
    private static readonly string[] Subjects = ["VEVENT", "VEVENT", "VEVENT", "VTODO", "VTODO", "VJOURNAL", "VFREEBUSY"];

    /// <summary>The comp-filter of VCALENDAR.</summary>
    public XElement Next()
    {
        var calendar = Comp("VCALENDAR");
        for (var i = Chance(0.75) ? 1 : random.Next(3); i > 0; i--) calendar.Add(Chance(0.8) ? Subject(Pick(Subjects)) : Chance(0.7) ? Zone() : Thing());
        if (Chance(0.1)) calendar.Add(Prop(Pick("VERSION", "PRODID", "METHOD")));
        return calendar;
    }

    /// <summary>A time range, sometimes with an open end.</summary>
    public XElement Range(string component, bool closed = false)
    {
        var (start, end) = Window([.. moments[component]]);
        var open = closed ? 9 : random.Next(8);
        return new XElement(Xml.C + "time-range", open == 0 ? null : new XAttribute("start", Utc(start)), open == 1 ? null : new XAttribute("end", Utc(end)));
    }

    private XElement Subject(string name)
    {
        var comp = Comp(name);
        if (Chance(0.07)) return WithAbsence(comp);
        // mostly few conditions: what must meet many is seldom there
        if (name is "VEVENT" or "VTODO" && Chance(0.35)) comp.Add(Alarm());
        if (Chance(comp.HasElements ? 0.15 : 0.65)) comp.AddFirst(Range(name));
        for (var i = comp.HasElements ? random.Next(4) / 2 : 1; i > 0; i--) comp.Add(Prop(Property(name), name));
        return comp;
    }

    private XElement Alarm()
    {
        var alarm = Comp("VALARM");
        if (Chance(0.2)) return WithAbsence(alarm);
        if (Chance(0.7)) alarm.Add(Range(Chance(0.8) ? "VALARM" : "VEVENT"));
        if (Chance(0.3)) alarm.Add(Prop(Pick("ACTION", "DESCRIPTION", "REPEAT", "TRIGGER")));
        return alarm;
    }

    private XElement Zone()
    {
        var zone = Comp("VTIMEZONE");
        if (Chance(0.3)) return WithAbsence(zone);
        if (Chance(0.5)) zone.Add(new XElement(Xml.C + "comp-filter", new XAttribute("name", Pick("STANDARD", "daylight")), new XElement(Xml.C + "prop-filter", new XAttribute("name", "TZNAME"), Text("CET"))));
        return zone;
    }

    private XElement Thing()
    {
        var thing = Comp("X-THING");
        return Chance(0.5) ? WithAbsence(thing) : new XElement(thing.Name, thing.Attributes(), Prop("X-A"));
    }

    private string Property(string component) => Chance(0.3)
        ? component == "VEVENT" ? Pick("DTSTART", "DTEND", "LAST-MODIFIED") : Pick("DTSTART", "DUE", "COMPLETED", "CREATED")
        : Pick("SUMMARY", "SUMMARY", "LOCATION", "CATEGORIES", "ATTENDEE", "CLASS", "DTSTAMP", "RRULE", "RECURRENCE-ID", "X-NONE");

    private XElement Prop(string name, string component = "VEVENT")
    {
        var prop = new XElement(Xml.C + "prop-filter", new XAttribute("name", Chance(0.1) ? name.ToLowerInvariant() : name), Test());
        if (Chance(0.2)) return WithAbsence(prop);
        if (name is "DTSTART" or "DTEND" or "DUE" or "COMPLETED" or "CREATED" or "LAST-MODIFIED" or "DTSTAMP")
        {
            prop.Add(Range(component));
            return prop;
        }

        for (var i = random.Next(3); i > 0; i--) prop.Add(Text(name switch { "ATTENDEE" => "p1@EXAMPLE", "RRULE" => Pick("WEEKLY", "COUNT", "freq"), "CLASS" => "PRIVATE", "VERSION" => "2.0", _ => Pick(RandomObjects.Words) }));
        if (name == "ATTENDEE" && Chance(0.7)) prop.Add(Param(Pick("PARTSTAT", "CN", "ROLE")));
        if (name == "SUMMARY" && Chance(0.2)) prop.Add(Param("LANGUAGE"));
        return prop;
    }

    private XElement Param(string name)
    {
        var param = new XElement(Xml.C + "param-filter", new XAttribute("name", name));
        if (Chance(0.25)) return WithAbsence(param);
        if (Chance(0.8)) param.Add(Text(name switch { "PARTSTAT" => Pick("ACCEPTED", "action"), "LANGUAGE" => "en", _ => Pick(RandomObjects.Words) }));
        return param;
    }

    private XElement Text(string word)
    {
        var from = random.Next(word.Length);
        var text = Chance(0.3) ? word[from..] : word;
        if (Chance(0.3)) text = Chance(0.5) ? text.ToUpperInvariant() : text.ToLowerInvariant();
        return new XElement(
            Xml.C + "text-match",
            Chance(0.6) ? new XAttribute("collation", Pick("i;octet", "i;ascii-casemap", "i;unicode-casemap")) : null,
            Chance(0.3) ? new XAttribute("negate-condition", Pick("yes", "no")) : null,
            text);
    }

    private XElement Comp(string name) => new(Xml.C + "comp-filter", new XAttribute("name", name), Test());

    private XAttribute? Test() => Chance(0.25) ? new XAttribute("test", Pick("anyof", "allof")) : null;

    private static XElement WithAbsence(XElement filter)
    {
        filter.Add(new XElement(Xml.C + "is-not-defined"));
        return filter;
    }

    private (Instant Start, Instant End) Window(Instant[] near)
    {
        // a calendar may have none of the kind
        if (near.Length == 0) near = [.. moments["VEVENT"]];
        var start = near[random.Next(near.Length)] + Duration.FromSeconds(Pick(-86_400, -3600, -1, 0, 0, 0, 1, 1800));
        if (Chance(0.1)) start += Duration.FromDays(Pick(365, 1826, 26_999));
        if (Chance(0.3) && near[random.Next(near.Length)] + Duration.FromSeconds(Pick(-1, 0, 0, 1)) is var other && other > start) return (start, other);
        return (start, start + Duration.FromSeconds(Pick(1, 1, 60, 1800, 3600, 86_400, 604_800)));
    }

    private static string Utc(Instant instant) => instant.ToString("uuuuMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private bool Chance(double probability) => random.NextDouble() < probability;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
