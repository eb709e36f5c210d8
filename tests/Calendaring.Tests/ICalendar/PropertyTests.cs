using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Validation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Calendaring.Tests.ICalendar;

/// <summary>What must hold for any object, tried on random ones; a failure prints the seed.</summary>
public sealed class PropertyTests
{
    private static readonly string[] Names = ["SUMMARY", "X-A", "ATTENDEE", "DTSTART", "X-LONG-NAME_WITH-UNDERSCORE-0123456789", "UID", "B"];
    private static readonly string[] Pieces =
        ["a", "Z", " ", "\\", ";", ",", ":", "\"", "^", "\n", "\t", "é", "語", "👩", "n", "N", "'", "=", "\u0085", "\u2028", "BEGIN:", "END:", "mailto:x@y"];

    [Fact]
    public void A_random_tree_is_read_back_as_it_was_made() => ForSeeds(500, static random =>
    {
        var made = new CalendarObject(RandomComponent(random, "VCALENDAR", 0));
        var bytes = made.ToBytes();
        var read = CalendarObject.Parse(bytes);
        AssertSame(made.Calendar, read.Calendar);
        Assert.Equal(bytes, read.ToBytes());
    });

    [Fact]
    public void Random_bytes_never_throw() => ForSeeds(2000, static random =>
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        Use(bytes);
        var alphabet = "BEGIN:VCALENDAR\r\nEND;=\",^ \t\u00e9"u8;
        for (var index = 0; index < bytes.Length; index++) bytes[index] = alphabet[bytes[index] % alphabet.Length];
        Use([.. "BEGIN:VCALENDAR\r\n"u8, .. bytes, .. "\r\nEND:VCALENDAR\r\n"u8]);
    });

    [Fact]
    public void Damaged_objects_never_throw_and_are_lossless_when_read() => ForSeeds(3000, static random =>
    {
        var bytes = Corpus.Read(Corpus.Names[random.Next(Corpus.Names.Length)]).ToList();
        for (var damage = random.Next(1, 6); damage > 0; damage--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at))); break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)] + (random.Next(2) == 0 ? "\r\n " : ""))); break;
            }
        }

        Use([.. bytes]);
    });

    [Fact]
    public void Any_fold_at_any_byte_is_read_as_the_same() => ForSeeds(500, static random =>
    {
        var made = new CalendarObject(RandomComponent(random, "VCALENDAR", 0));
        var bytes = made.ToBytes();
        var folded = new List<byte>();
        foreach (var next in bytes)
        {
            if (folded.Count > 0 && folded[^1] is not ((byte)'\r' or (byte)'\n') && next is not ((byte)'\r' or (byte)'\n') && random.Next(6) == 0)
            {
                folded.AddRange(random.Next(3) switch { 0 => "\n "u8, 1 => "\r\n\t"u8, _ => "\r\n "u8 });
            }

            folded.Add(next);
        }

        // a fold may not come right after a fold of the made object, which begins with a line break and a space
        var read = CalendarObject.Parse(folded.ToArray());
        AssertSame(made.Calendar, read.Calendar);
        Assert.Equal(folded, read.ToBytes());
    });

    [Fact]
    public void An_edit_leaves_the_bytes_of_all_other_lines() => ForSeeds(1000, static random =>
    {
        var bytes = Corpus.Read(Corpus.Names[random.Next(Corpus.Names.Length)]);
        var original = CalendarObject.Parse(bytes);
        var edited = original.Clone();
        var component = edited.Calendar;
        while (component.Components.Count > 0 && random.Next(4) > 0) component = component.Components[random.Next(component.Components.Count)];
        var removed = component.Properties.Count == 0 ? null : component.Properties[random.Next(component.Properties.Count)];
        var added = ContentLine.CreateText("X-ADDED", RandomText(random));
        if (removed is not null) component.Remove(removed);
        component.Add(added);
        var rest = edited.ToBytes().AsSpan();
        var at = rest.IndexOf(added.Bytes.Span);
        byte[] without = [.. rest[..at], .. rest[(at + added.Bytes.Length)..]];
        if (removed is null) Assert.Equal(bytes, without);
        else Assert.Equal(bytes.Length - removed.Bytes.Length, without.Length);
        Assert.Equal(bytes, original.ToBytes());
        Assert.Equal(edited.ToBytes(), CalendarObject.Parse(edited.ToBytes()).ToBytes());
    });

    private static void ForSeeds(int count, Action<Random> property) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(count),
            Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => property(new Random(seed))));

    private static void Use(byte[] bytes)
    {
        if (!CalendarObject.TryParse(bytes, out var read, out var error))
        {
            Assert.InRange(error.LineNumber, 1, bytes.Length + 1);
            return;
        }

        Assert.Equal(bytes, read.ToBytes());
        Visit(read.Calendar);
        if (CalendarObjectRules.Check(read, Corpus.AllComponents) is null) Assert.NotEmpty(ObjectIndexer.Index(read).Component);
    }

    private static void Visit(Component component)
    {
        foreach (var line in component.Properties)
        {
            Assert.All(line.Parameters, parameter => Assert.NotEmpty(parameter.Values));
            Assert.NotNull(line.Text);
            _ = (line.TryReadTime(out _), line.TryReadPeriods(out _), line.TryReadDuration(out _), line.TryReadOffset(out _), line.TryReadInteger(out _), line.ReadTextList());
        }

        foreach (var inner in component.Components) Visit(inner);
    }

    private static Component RandomComponent(Random random, string name, int depth)
    {
        var component = new Component(name);
        for (var step = random.Next(6); step > 0; step--)
        {
            if (depth < 5 && random.Next(3) == 0) component.Add(RandomComponent(random, random.Next(2) == 0 ? "VEVENT" : "X-OTHER", depth + 1));
            else component.Add(ContentLine.CreateText(Names[random.Next(Names.Length)], RandomText(random), RandomParameters(random)));
        }

        return component;
    }

    private static Parameter[] RandomParameters(Random random) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Parameter("X-" + random.Next(3), [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomText(random))]))];

    private static string RandomText(Random random) => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static void AssertSame(Component expected, Component actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Properties.Count, actual.Properties.Count);
        for (var index = 0; index < expected.Properties.Count; index++)
        {
            var (a, b) = (expected.Properties[index], actual.Properties[index]);
            Assert.Equal((a.Name, a.RawValue, a.Text), (b.Name, b.RawValue, b.Text));
            Assert.Equal(a.Parameters.Select(p => (p.Name, string.Join('|', p.Values))), b.Parameters.Select(p => (p.Name, string.Join('|', p.Values))));
        }

        Assert.Equal(expected.Components.Count, actual.Components.Count);
        for (var index = 0; index < expected.Components.Count; index++) AssertSame(expected.Components[index], actual.Components[index]);
    }
}
