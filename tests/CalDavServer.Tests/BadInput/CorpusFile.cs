using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CalDavServer.Tests.BadInput;

/// <summary>A broken calendar object, and what must be said of it.</summary>
/// <param name="Name">What is broken, unique in its file.</param>
/// <param name="Condition">The precondition element of RFC 4791 §5.3.2.1.</param>
/// <param name="Sentence">The words, with the line.</param>
internal sealed record BrokenObject(string Name, string Condition, string Sentence, byte[] Bytes);

/// <summary>
/// The files of broken calendar objects. A case begins with <c>= name</c>, then <c>! condition: sentence</c>, then <c>@frame</c>, which says what is written around the lines that follow:
/// <list type="bullet">
/// <item><term>raw</term><description>nothing</description></item>
/// <item><term>calendar</term><description>VCALENDAR with VERSION and PRODID: the first line of the case is line 4</description></item>
/// <item><term>event, start, todo, freebusy, zone</term><description>in that a VEVENT with UID (and DTSTART), a VTODO, a VFREEBUSY, a VTIMEZONE without anything</description></item>
/// </list>
/// In a line <c>{x0D}</c> is a byte, <c>{times 5 ab}</c> repeats, <c>{uid}</c> is the UID of the case; <c>{lines 5 ab}</c> is five lines. Lines end with CR LF.
/// </summary>
internal static partial class CorpusFile
{
    private static readonly Dictionary<string, string[]> Frames = new()
    {
        ["calendar"] = [],
        ["event"] = ["BEGIN:VEVENT", "UID:{uid}"],
        ["start"] = ["BEGIN:VEVENT", "UID:{uid}", "DTSTART:20260101T090000Z"],
        ["todo"] = ["BEGIN:VTODO", "UID:{uid}"],
        ["freebusy"] = ["BEGIN:VFREEBUSY", "UID:{uid}"],
        ["zone"] = ["BEGIN:VTIMEZONE"],
    };

    public static IEnumerable<BrokenObject> Read(string path)
    {
        var text = File.ReadAllText(path);
        var cases = text.Split("\n= ")[1..];
        for (var n = 0; n < cases.Length; n++)
        {
            var lines = (n == cases.Length - 1 ? cases[n][..^1] : cases[n]).Split('\n');
            if (lines.Length < 3 || lines[1][..2] != "! " || lines[2][0] != '@') throw new InvalidDataException($"{path}: the case '{lines[0]}' is not written as one.");
            var colon = lines[1].IndexOf(':', StringComparison.Ordinal);
            var bytes = Write(lines[2][1..], lines[3..], $"{Path.GetFileNameWithoutExtension(path)}-{n}");
            yield return new BrokenObject(lines[0], lines[1][2..colon], lines[1][(colon + 2)..], bytes);
        }
    }

    private static byte[] Write(string frame, string[] lines, string uid)
    {
        if (frame != "raw")
        {
            var before = Frames[frame];
            List<string> whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", .. before, .. lines];
            if (before.Length > 0) whole.Add("END:" + before[0]["BEGIN:".Length..]);
            if (frame == "zone") whole.AddRange([.. Frames["start"], "END:VEVENT"]);
            whole.Add("END:VCALENDAR");
            lines = [.. whole];
        }

        var output = new MemoryStream();
        foreach (var line in lines)
        {
            var repeated = Lines().Match(line);
            var count = repeated.Success ? int.Parse(repeated.Groups[1].Value, CultureInfo.InvariantCulture) : 1;
            var bytes = Expand((repeated.Success ? repeated.Groups[2].Value : line).Replace("{uid}", uid, StringComparison.Ordinal));
            for (var n = 0; n < count; n++) output.Write([.. bytes, .. "\r\n"u8]);
        }

        return output.ToArray();
    }

    private static byte[] Expand(string line)
    {
        var output = new MemoryStream();
        var at = 0;
        foreach (Match match in Marks().Matches(line))
        {
            output.Write(Encoding.UTF8.GetBytes(line[at..match.Index]));
            at = match.Index + match.Length;
            if (match.Groups[1].Success)
            {
                output.WriteByte(byte.Parse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                continue;
            }

            var repeated = Expand(match.Groups[3].Value);
            for (var n = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture); n > 0; n--) output.Write(repeated);
        }

        output.Write(Encoding.UTF8.GetBytes(line[at..]));
        return output.ToArray();
    }

    [GeneratedRegex(@"^\{lines (\d+) (.*)\}$")]
    private static partial Regex Lines();

    [GeneratedRegex(@"\{x([0-9A-F]{2})\}|\{times (\d+) ((?:\{x..\}|[^{}])+)\}")]
    private static partial Regex Marks();
}
