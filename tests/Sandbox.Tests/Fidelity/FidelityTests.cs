using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Calendaring.ICalendar;
using NodaTime;
using Oracles;
using Practice;
using ProviderBridge.Sync;
using Sandbox.Tests.CalDav;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.Fidelity;

/// <summary>docs/fidelity.md is what these tests found: what of an appointment is in which calendar outside. FIDELITY_WRITE=1 writes it.</summary>
public sealed class FidelityTests
{
    private const int RandomRules = 300;
    private const int Seed = 20260301;

    // Radicale looks up every time that a rule has: with an endless one of seconds it is busy for minutes
    private const int WithoutCalDav = 2;

    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];

    private static readonly (string Name, Func<Task<(IAsyncDisposable, IOutsideCalendar)>> Start)[] Services =
    [
        ("Google Calendar", static async () => await GoogleLink.StartAsync(PrivacyLevel.FullName) is var link ? (link, link.Calendar) : default),
        ("Outlook / Microsoft 365", static async () => await MicrosoftLink.StartAsync(PrivacyLevel.FullName, parts: 30) is var link ? (link, link.Calendar) : default),
        ("CalDAV account", static async () => await CalDavLink.StartAsync(PrivacyLevel.FullName) is var link ? (link, link.Calendar) : default),
    ];

    [Fact]
    public async Task What_the_documents_say_of_each_service_is_so()
    {
        List<(IAsyncDisposable Link, IOutsideCalendar Calendar)> links = [];
        try
        {
            foreach (var (_, start) in Services) links.Add(await start());
            var text = await DocumentAsync([.. links.Select(static link => link.Calendar)], await Splits.MakeAsync((OutsideLink)links[0].Link));
            var path = Path.GetFullPath("../../docs/fidelity.md", Folder());
            if (Environment.GetEnvironmentVariable("FIDELITY_WRITE") is not null) await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
            // a fault
            Assert.DoesNotContain("**", text, StringComparison.Ordinal);
            Assert.Equal((await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"), text);
        }
        finally
        {
            foreach (var link in links) await link.Link.DisposeAsync();
        }
    }

    private static async Task<string> DocumentAsync(IReadOnlyList<IOutsideCalendar> outside, IReadOnlyList<Sample> split)
    {
        var text = new StringBuilder(
            """
            # Which parts of an appointment are where

            These tables show how much of an appointment goes from here to the service of a link, and from there to here, at the level *full name*; lower levels remove words before anything is sent (docs/rules.md, P). The tables are
            written by a test (`FidelityTests`, against the stand-ins), and are compared with what the stand-ins do each time the tests run.

            ## From here to there

            *Kept*: it is there as it is here. *Not sent*: it stays here, and nothing that happens in the service's calendar removes it. What cannot be shown there with exactly these times is not sent at all; the page of the link names it, and
            says why. What the service has in addition, such as its own guests, colours or reminders, stays there when we write, and does not come here. *As single events*: one for each date, from a month ago to a year and a half ahead;
            what is done to one of them there is done to that date of the series here.

            """).Append('\n');
        foreach (var (title, samples) in ((string, IReadOnlyList<Sample>)[])[("Words", Sample.Words), ("Times", Sample.Times), ("Repeating", Sample.Series)]) await TableAsync(text, title, samples, outside);
        await RowAsync(text, "One whose rest was moved three times (four appointments)", split, outside);
        var known = KnownDifferences.Read(await File.ReadAllTextAsync(Path.GetFullPath("../../docs/recurrence-differences.md", Folder()), TestContext.Current.CancellationToken));
        await CountAsync(text, string.Create(CultureInfo.InvariantCulture, $"The {known.Count} series that other programs expand differently (docs/recurrence-differences.md)"), known, outside);
        var random = new RandomSeries(Seed);
        await CountAsync(text, string.Create(CultureInfo.InvariantCulture, $"{RandomRules} rules made at random"), [.. Enumerable.Range(0, RandomRules).Select(_ => random.Next())], [.. outside.Take(WithoutCalDav)]);
        await InwardsAsync(text);
        return text.ToString();
    }

    private static async Task InwardsAsync(StringBuilder text)
    {
        text.Append('\n').Append(
            """
            ## From there to here

            Here somebody has made the event in the service's own calendar, with what that calendar offers: the test sends each service its own form of it (a resource of Google's API or of Graph, an iCalendar object), lets the link run
            once, and compares the appointment in the diary with what was made.

            *Kept*: it is here as it is there. *As* and *with*: it is here in this form. *Same times, written differently*: each date is at the same moment here. *Not taken*, and *without*: the event is here, but this part of it stays there.
            It stays there when we write, too: the test changes the title of every one of these appointments in the diary, and finds all the rest in the service's calendar as it was. *–*: there is no such thing in that service's
            calendars, or no way to say it. Google has out-of-office times, focus times, working locations and birthdays in an account's main calendar only, which a link never uses. What is confirmed or public is so at Google
            without being said. An event is as busy here as it is there: out of office and working elsewhere are busy.

            """);
        (string Title, IReadOnlyList<MadeThere> Made)[] tables = [("Words, from there", MadeThere.Words), ("Times, from there", MadeThere.Times), ("Repeating, from there", MadeThere.Series)];
        List<Dictionary<MadeThere, string>> answers = [];
        foreach (var start in TheirCalendar.All)
        {
            await using var theirs = await start();
            answers.Add(await new Inwards(theirs, Melbourne).AskAsync(tables.SelectMany(static table => table.Made)));
        }

        foreach (var (title, all) in tables)
        {
            Head(text, title, answers.Count);
            foreach (var made in all) text.Append(CultureInfo.InvariantCulture, $"| {made.Name} | {string.Join(" | ", answers.Select(own => own.GetValueOrDefault(made, "–")))} |\n");
        }
    }

    private static async Task TableAsync(StringBuilder text, string title, IReadOnlyList<Sample> samples, IReadOnlyList<IOutsideCalendar> outside)
    {
        Head(text, title, outside.Count);
        foreach (var sample in samples) await RowAsync(text, sample.Name, [sample], outside);
    }

    private static async Task RowAsync(StringBuilder text, string name, IReadOnlyList<Sample> samples, IReadOnlyList<IOutsideCalendar> outside)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {name} |");
        foreach (var calendar in outside) text.Append(CultureInfo.InvariantCulture, $" {Comparison.OfAll(await AskAsync(calendar, samples))} |");
        text.Append('\n');
    }

    /// <summary>How many of many series became what: each has the same times there, or is not there.</summary>
    private static async Task CountAsync(StringBuilder text, string title, IReadOnlyList<Series> all, IReadOnlyList<IOutsideCalendar> outside)
    {
        Head(text, title, outside.Count);
        var samples = all.Select(static series => new Sample("one of many", [.. LinesOf(series), series.Form == StartForm.Date ? "DURATION:P1D" : "DURATION:PT30M"])).ToList();
        List<List<string>> answers = [];
        foreach (var calendar in outside) answers.Add(await AskAsync(calendar, samples));
        foreach (var answer in answers.SelectMany(static own => own).Distinct().Order(StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {answer} | {string.Join(" | ", answers.Select(own => own.Count(one => one == answer)))} |\n");
    }

    private static async Task<List<string>> AskAsync(IOutsideCalendar calendar, IReadOnlyList<Sample> samples)
    {
        List<string> answers = [];
        foreach (var sample in samples) answers.Add(await Comparison.AskAsync(calendar, sample, Melbourne, TestContext.Current.CancellationToken));
        return answers;
    }

    private static void Head(StringBuilder text, string title, int services) =>
        text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n| | {string.Join(" | ", Services.Take(services).Select(static service => service.Name))} |\n|---|{string.Concat(Enumerable.Repeat("---|", services))}\n");

    private static string[] LinesOf(Series series) =>
        [.. CalendarObject.Parse(Encoding.UTF8.GetBytes(series.ObjectText())).Calendar.Components.Single(static one => one.Name == "VEVENT").Properties
            .Where(static line => line.Name is not ("UID" or "DTSTAMP")).Select(Comparison.Unfold)];

    private static string Folder([CallerFilePath] string file = "") => Path.GetFullPath("..", Path.GetDirectoryName(file)!);
}
