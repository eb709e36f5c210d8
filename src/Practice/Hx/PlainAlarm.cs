using Calendaring.ICalendar;

namespace Practice.Hx;

/// <summary>An alarm without a word that anybody chose: when, and how often.</summary>
internal static class PlainAlarm
{
    /// <summary>The alarm without its text; null when nothing is left of it.</summary>
    public static Component? Of(Component alarm)
    {
        if (alarm.Name != "VALARM" || alarm.Find("ACTION")?.RawValue.ToUpperInvariant() is not ("DISPLAY" or "AUDIO")) return null;
        if (alarm.Find("TRIGGER") is not { } trigger || Trigger(trigger) is not { } when) return null;
        var plain = new Component("VALARM");
        var action = alarm.Find("ACTION")!.RawValue.ToUpperInvariant();
        plain.Add(ContentLine.Create("ACTION", action));
        plain.Add(when);

        // a display alarm has a text (RFC 5545 §3.6.6)
        if (action == "DISPLAY") plain.Add(ContentLine.CreateText("DESCRIPTION", "Reminder"));
        if (alarm.Find("REPEAT") is not { } repeat || !repeat.TryReadInteger(out _) || alarm.Find("DURATION") is not { } pause || !pause.TryReadDuration(out _)) return plain;
        plain.Add(ContentLine.Create("REPEAT", repeat.RawValue));
        plain.Add(ContentLine.Create("DURATION", pause.RawValue));
        return plain;
    }

    private static ContentLine? Trigger(ContentLine line)
    {
        if (line.Parameter("VALUE")?.ToUpperInvariant() == "DATE-TIME")
            return line.TryReadTime(out var time) && time.Kind == CalendarTimeKind.Utc ? ContentLine.Create("TRIGGER", time.ToString(), new Parameter("VALUE", "DATE-TIME")) : null;
        if (!line.TryReadDuration(out _)) return null;
        return line.Parameter("RELATED")?.ToUpperInvariant() == "END"
            ? ContentLine.Create("TRIGGER", line.RawValue, new Parameter("RELATED", "END"))
            : ContentLine.Create("TRIGGER", line.RawValue);
    }
}
