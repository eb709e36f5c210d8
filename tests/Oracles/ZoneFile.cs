using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NodaTime;

namespace Oracles;

/// <summary>A zone as tzdata's own compiler wrote it (RFC 8536): its transitions, and the rule of its footer for what comes after the last of them.</summary>
internal sealed class ZoneFile
{
    /// <summary>The folder of the system's zones.</summary>
    public const string Folder = "/usr/share/zoneinfo";

    private readonly List<(long Instant, int Offset)> _transitions = [];
    private readonly int _first;
    private readonly string _footer;

    private ZoneFile(byte[] bytes)
    {
        var header = bytes.AsSpan(0, 44);
        // the second block has 64 bits; the first is stepped over
        var start = 44 + BlockLength(header, 4);
        header = bytes.AsSpan(start, 44);
        var (times, types) = (Count(header, 3), Count(header, 4));
        var at = start + 44;
        var instants = bytes.AsSpan(at, times * 8);
        var indices = bytes.AsSpan(at + (times * 8), times);
        var offsets = bytes.AsSpan(at + (times * 9), types * 6);
        _first = BinaryPrimitives.ReadInt32BigEndian(offsets);
        for (var i = 0; i < times; i++)
            _transitions.Add((BinaryPrimitives.ReadInt64BigEndian(instants[(i * 8)..]), BinaryPrimitives.ReadInt32BigEndian(offsets[(indices[i] * 6)..])));
        _footer = Encoding.ASCII.GetString(bytes.AsSpan(at + BlockLength(header, 8))).Trim('\n');
    }

    /// <summary>The file of a zone.</summary>
    public static ZoneFile Read(string id) => new(File.ReadAllBytes(Path.Combine(Folder, id)));

    /// <summary>When the offset from UTC changes between two years, and to what (in seconds).</summary>
    public IReadOnlyList<(Instant Instant, int Offset)> Changes(int from, int until)
    {
        var last = _transitions.Count == 0 ? long.MinValue : _transitions[^1].Instant;
        var all = _transitions.Concat(FooterChanges(from, until).Where(change => change.Instant > last));
        var changes = new List<(Instant, int)>();
        var offset = _first;
        foreach (var (instant, to) in all)
        {
            if (to == offset) continue;
            offset = to;
            var time = NodaTime.Instant.FromUnixTimeSeconds(Math.Max(instant, -60_000_000_000));
            if (time >= NodaTime.Instant.FromUtc(from, 1, 1, 0, 0) && time < NodaTime.Instant.FromUtc(until, 1, 1, 0, 0)) changes.Add((time, to));
        }

        return changes;
    }

    private static int Count(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32BigEndian(header[(20 + (index * 4))..]);

    private static int BlockLength(ReadOnlySpan<byte> header, int size) =>
        (Count(header, 3) * (size + 1)) + (Count(header, 4) * 6) + Count(header, 5) + (Count(header, 2) * (size + 4)) + Count(header, 1) + Count(header, 0);

    /// <summary>What the footer says, a TZ string of POSIX: <c>AEST-10AEDT,M10.1.0,M4.1.0/3</c>.</summary>
    private List<(long Instant, int Offset)> FooterChanges(int from, int until)
    {
        var parts = _footer.Split(',');
        if (parts.Length < 3) return [];
        var text = parts[0];
        SkipName(ref text);
        var standard = -TakeTime(ref text);
        SkipName(ref text);
        var daylight = text.Length == 0 ? standard + 3600 : -TakeTime(ref text);
        var changes = new List<(long, int)>();
        for (var year = from - 1; year <= until; year++)
        {
            changes.Add((LocalOf(parts[1], year) - standard, daylight));
            changes.Add((LocalOf(parts[2], year) - daylight, standard));
        }

        changes.Sort();
        return changes;
    }

    private static void SkipName(ref string text)
    {
        text = text[0] == '<' ? text[(text.IndexOf('>', StringComparison.Ordinal) + 1)..] : text.TrimStart([.. text.Where(char.IsAsciiLetter).Distinct()]);
    }

    private static int TakeTime(ref string text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || text[length] is '+' or '-' or ':')) length++;
        var value = text[..length];
        text = text[length..];
        var sign = value[0] == '-' ? -1 : 1;
        var seconds = 0;
        var unit = 3600;
        foreach (var part in value.TrimStart('+', '-').Split(':'))
        {
            seconds += int.Parse(part, CultureInfo.InvariantCulture) * unit;
            unit /= 60;
        }

        return sign * seconds;
    }

    private static long LocalOf(string rule, int year)
    {
        var slash = rule.IndexOf('/', StringComparison.Ordinal);
        var time = slash < 0 ? "2" : rule[(slash + 1)..];
        var day = slash < 0 ? rule : rule[..slash];
        LocalDate date;
        if (day[0] == 'M')
        {
            var numbers = day[1..].Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            var first = new LocalDate(year, numbers[0], 1);
            var ahead = (numbers[2] + 7 - ((int)first.DayOfWeek % 7)) % 7;
            date = first.PlusDays(ahead + (7 * (numbers[1] - 1)));
            while (date.Month != numbers[0]) date = date.PlusDays(-7);
        }
        else
        {
            var leap = day[0] != 'J';
            var number = int.Parse(day.TrimStart('J'), CultureInfo.InvariantCulture);
            date = new LocalDate(year, 1, 1).PlusDays(leap ? number : number - 1 + (number > 59 && CalendarSystem.Iso.IsLeapYear(year) ? 1 : 0));
        }

        return date.AtMidnight().InUtc().ToInstant().ToUnixTimeSeconds() + TakeTime(ref time);
    }
}
