using System.Globalization;
using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.Recurrence;

/// <summary>Reads a RECUR value part by part and checks what RFC 5545 §3.3.10 asks of the whole.</summary>
internal sealed class RecurrenceRuleReader
{
    // more values than any list can have without doubles: bounds the work on a hostile line
    private const int MaxListValues = 1_000;

    private readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal);

    /// <summary>Why the value is not a rule.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The two letters of a day.</summary>
    public static string DayName(IsoDayOfWeek day) => day.ToString()[..2].ToUpperInvariant();

    /// <summary>The rule, or null with a <see cref="Reason"/>.</summary>
    public RecurrenceRule? Read(string text)
    {
        if (!Split(text) || ReadFrequency() is not { } frequency || !ReadScale(out var skip)) return null;
        if (!ReadPositive("INTERVAL", out var interval) || !ReadPositive("COUNT", out var count) || !ReadUntil(out var until)) return null;
        var weekStart = IsoDayOfWeek.Monday;
        if (_parts.TryGetValue("WKST", out var day) && !TryDay(day, out weekStart)) return Refuse("WKST is not one of MO, TU, WE, TH, FR, SA and SU.");
        if (!ReadList("BYSECOND", 0, 60, false, out var seconds) || !ReadList("BYMINUTE", 0, 59, false, out var minutes)
            || !ReadList("BYHOUR", 0, 23, false, out var hours) || !ReadDays(out var days) || !ReadList("BYMONTHDAY", 1, 31, true, out var monthDays)
            || !ReadList("BYYEARDAY", 1, 366, true, out var yearDays) || !ReadList("BYWEEKNO", 1, 53, true, out var weeks)
            || !ReadList("BYMONTH", 1, 12, false, out var months) || !ReadList("BYSETPOS", 1, 366, true, out var positions)) return null;
        var rule = new RecurrenceRule(frequency, interval ?? 1)
        {
            Count = count,
            Until = until,
            BySecond = seconds,
            ByMinute = minutes,
            ByHour = hours,
            ByDay = days,
            ByMonthDay = monthDays,
            ByYearDay = yearDays,
            ByWeekNumber = weeks,
            ByMonth = months,
            BySetPosition = positions,
            WeekStart = weekStart,
            Skip = skip,
        };
        return Check(rule) is { } reason ? Refuse(reason) : rule;
    }

    private static string? Check(RecurrenceRule rule)
    {
        if (rule.ByWeekNumber.Count > 0 && rule.Frequency != Frequency.Yearly) return "BYWEEKNO needs FREQ=YEARLY.";
        if (rule.ByYearDay.Count > 0 && rule.Frequency is Frequency.Daily or Frequency.Weekly or Frequency.Monthly)
            return "BYYEARDAY cannot be used with FREQ=DAILY, WEEKLY or MONTHLY.";
        if (rule.ByMonthDay.Count > 0 && rule.Frequency == Frequency.Weekly) return "BYMONTHDAY cannot be used with FREQ=WEEKLY.";
        if (HasOrdinals(rule))
        {
            if (rule.Frequency is not (Frequency.Monthly or Frequency.Yearly)) return "A number before a BYDAY day needs FREQ=MONTHLY or YEARLY.";
            if (rule.ByWeekNumber.Count > 0) return "A number before a BYDAY day cannot be used with BYWEEKNO.";
        }
        var lists = rule.BySecond.Count + rule.ByMinute.Count + rule.ByHour.Count + rule.ByDay.Count + rule.ByMonthDay.Count + rule.ByYearDay.Count
            + rule.ByWeekNumber.Count + rule.ByMonth.Count;
        return rule.BySetPosition.Count > 0 && lists == 0 ? "BYSETPOS needs another BY part." : null;
    }

    private static bool HasOrdinals(RecurrenceRule rule)
    {
        foreach (var day in rule.ByDay)
        {
            if (day.Ordinal != 0) return true;
        }
        return false;
    }

    private bool Split(string text)
    {
        foreach (var range in text.AsSpan().Split(';'))
        {
            var part = text.AsSpan(range).Trim();
            if (part.IsEmpty) continue;
            var equals = part.IndexOf('=');
            if (equals <= 0) return Fail("A rule part has no name or no value.");
            var name = part[..equals].Trim().ToString().ToUpperInvariant();
            if (name.StartsWith("X-", StringComparison.Ordinal)) continue;
            if (!IsKnown(name)) return Fail("The rule has a part that RFC 5545 does not know.");
            if (!_parts.TryAdd(name, part[(equals + 1)..].Trim().ToString().ToUpperInvariant())) return Fail($"{name} is given twice.");
        }
        return true;
    }

    private static bool IsKnown(string name) => name is "FREQ" or "INTERVAL" or "COUNT" or "UNTIL" or "WKST" or "RSCALE" or "SKIP" or "BYSECOND" or "BYMINUTE"
        or "BYHOUR" or "BYDAY" or "BYMONTHDAY" or "BYYEARDAY" or "BYWEEKNO" or "BYMONTH" or "BYSETPOS";

    private Frequency? ReadFrequency()
    {
        Frequency? frequency = _parts.GetValueOrDefault("FREQ") switch
        {
            "SECONDLY" => Frequency.Secondly,
            "MINUTELY" => Frequency.Minutely,
            "HOURLY" => Frequency.Hourly,
            "DAILY" => Frequency.Daily,
            "WEEKLY" => Frequency.Weekly,
            "MONTHLY" => Frequency.Monthly,
            "YEARLY" => Frequency.Yearly,
            _ => null,
        };
        if (frequency is null) Fail("FREQ is missing or not one of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY and YEARLY.");
        return frequency;
    }

    private bool ReadScale(out Skip? skip)
    {
        skip = null;
        if (!_parts.TryGetValue("RSCALE", out var scale)) return !_parts.ContainsKey("SKIP") || Fail("SKIP needs RSCALE.");
        if (scale is not ("GREGORIAN" or "GREGORY")) return Fail($"{RecurrenceRule.UnsupportedScale}: only GREGORIAN is.");
        skip = _parts.GetValueOrDefault("SKIP", "OMIT") switch
        {
            "OMIT" => Skip.Omit,
            "BACKWARD" => Skip.Backward,
            "FORWARD" => Skip.Forward,
            _ => null,
        };
        return skip is not null || Fail("SKIP is not one of OMIT, BACKWARD and FORWARD.");
    }

    private bool ReadPositive(string name, out int? value)
    {
        value = null;
        if (!_parts.TryGetValue(name, out var text)) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return Fail($"{name} is not a whole number above 0.");
        value = number;
        return true;
    }

    private bool ReadUntil(out CalendarTime? until)
    {
        until = null;
        if (!_parts.TryGetValue("UNTIL", out var text)) return true;
        if (!TryTime(text, out var time)) return Fail("UNTIL is not a DATE or DATE-TIME.");
        until = time;
        return true;
    }

    private static bool TryTime(string text, out CalendarTime time)
    {
        time = default;
        if (text.Length is not (8 or 15 or 16) || !TryDigits(text, 0, 4, out var year) || !TryDigits(text, 4, 2, out var month) || !TryDigits(text, 6, 2, out var day))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > CivilDay.MonthLength(year, month)) return false;
        if (text.Length == 8)
        {
            time = CalendarTime.OfDate(new LocalDate(year, month, day));
            return true;
        }
        if (text[8] != 'T' || !TryDigits(text, 9, 2, out var hour) || !TryDigits(text, 11, 2, out var minute) || !TryDigits(text, 13, 2, out var second)) return false;
        if (hour > 23 || minute > 59 || second > 60 || (text.Length == 16 && text[15] != 'Z')) return false;
        time = new(new LocalDateTime(year, month, day, hour, minute, Math.Min(second, 59)), text.Length == 16 ? CalendarTimeKind.Utc : CalendarTimeKind.Floating);
        return true;
    }

    private static bool TryDigits(string text, int start, int length, out int value) =>
        int.TryParse(text.AsSpan(start, length), NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private bool ReadList(string name, int min, int max, bool signed, out int[] values)
    {
        values = [];
        if (!_parts.TryGetValue(name, out var text)) return true;
        var list = new SortedSet<int>();
        var read = 0;
        foreach (var range in text.AsSpan().Split(','))
        {
            var part = text.AsSpan(range).Trim();
            if (++read > MaxListValues || !int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                || (part[0] is '-' or '+' && !signed) || Math.Abs((long)value) < min || Math.Abs((long)value) > max)
            {
                return Fail($"{name} has a value that is not a number from {min} to {max}{(signed ? " or the same below 0" : "")}.");
            }
            list.Add(value);
        }
        values = [.. list];
        return true;
    }

    private bool ReadDays(out ByDay[] days)
    {
        days = [];
        if (!_parts.TryGetValue("BYDAY", out var text)) return true;
        var list = new SortedSet<(int Ordinal, IsoDayOfWeek Day)>();
        var read = 0;
        foreach (var range in text.AsSpan().Split(','))
        {
            var part = text.AsSpan(range).Trim();
            var ordinal = 0;
            if (++read > MaxListValues || part.Length < 2 || !TryDay(part[^2..], out var day)
                || (part.Length > 2 && (!int.TryParse(part[..^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ordinal) || ordinal is 0 or < -53 or > 53)))
            {
                return Fail("BYDAY has a value that is not a day such as MO, 2TU or -1FR.");
            }
            list.Add((ordinal, day));
        }
        days = [.. list.Select(d => new ByDay(d.Ordinal, d.Day))];
        return true;
    }

    private static bool TryDay(ReadOnlySpan<char> text, out IsoDayOfWeek day)
    {
        day = text switch
        {
            "MO" => IsoDayOfWeek.Monday,
            "TU" => IsoDayOfWeek.Tuesday,
            "WE" => IsoDayOfWeek.Wednesday,
            "TH" => IsoDayOfWeek.Thursday,
            "FR" => IsoDayOfWeek.Friday,
            "SA" => IsoDayOfWeek.Saturday,
            "SU" => IsoDayOfWeek.Sunday,
            _ => IsoDayOfWeek.None,
        };
        return day != IsoDayOfWeek.None;
    }

    private bool Fail(string reason)
    {
        Reason = reason;
        return false;
    }

    private RecurrenceRule? Refuse(string reason)
    {
        Reason = reason;
        return null;
    }
}
