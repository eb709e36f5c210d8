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

    // of the services, those that have rules of their own: a CalDAV server keeps what it is sent
    private const int Mapped = 2;

    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];

    private static readonly (string Name, Func<Task<(IAsyncDisposable, IOutsideCalendar)>> Start)[] Services =
    [
        ("Google Calendar", async () => await GoogleLink.StartAsync(PrivacyLevel.FullName) is var link ? (link, link.Calendar) : default),
        ("Outlook / Microsoft 365", async () => await MicrosoftLink.StartAsync(PrivacyLevel.FullName, parts: 30) is var link ? (link, link.Calendar) : default),
        ("CalDAV account", async () => await CalDavLink.StartAsync(PrivacyLevel.FullName) is var link ? (link, link.Calendar) : default),
    ];

    [Fact]
    public async Task What_the_documents_say_of_each_service_is_so()
    {
        List<(IAsyncDisposable Link, IOutsideCalendar Calendar)> links = [];
        try
        {
            foreach (var (_, start) in Services) links.Add(await start());
            var text = await DocumentAsync([.. links.Select(static link => link.Calendar)]);
            var path = Path.GetFullPath("../../docs/fidelity.md", Folder());
            if (Environment.GetEnvironmentVariable("FIDELITY_WRITE") is not null) await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("**other times**", text[..text.IndexOf("## 300 rules", StringComparison.Ordinal)], StringComparison.Ordinal);
            Assert.Equal((await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"), text);
        }
        finally
        {
            foreach (var link in links) await link.Link.DisposeAsync();
        }
    }

    private static async Task<string> DocumentAsync(IReadOnlyList<IOutsideCalendar> outside)
    {
        var text = new StringBuilder(
            """
            # Which parts of an appointment are where

            These tables show how much of an appointment the service of a link holds at the level *full name*; lower levels remove words before anything is sent (docs/rules.md, P). The tables are written by a test
            (`FidelityTests`, against the stand-ins), and are compared with what the stand-ins do each time the tests run.

            *Kept*: it is there as it is here. *Not sent*: it stays here, and nothing that happens in the service's calendar removes it. What cannot be shown there with exactly these times is not sent at all; the page of the link names it, and
            says why. What the service has in addition, such as its own guests, colours or reminders, stays there when we write, and does not come here. *As single events*: one for each date, from a month ago to a year and a half ahead;
            what is done to one of them there is done to that date of the series here.

            """).Append('\n');
        foreach (var (title, samples) in ((string, IReadOnlyList<Sample>)[])[("Words", Sample.Words), ("Times", Sample.Times), ("Repeating", Sample.Series)]) await TableAsync(text, title, samples, outside);
        await RandomAsync(text, [.. outside.Take(Mapped)]);
        return text.ToString();
    }

    private static async Task TableAsync(StringBuilder text, string title, IReadOnlyList<Sample> samples, IReadOnlyList<IOutsideCalendar> outside)
    {
        Head(text, title, outside.Count);
        foreach (var sample in samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {sample.Name} |");
            foreach (var calendar in outside) text.Append(CultureInfo.InvariantCulture, $" {await Comparison.AskAsync(calendar, sample, Melbourne, TestContext.Current.CancellationToken)} |");
            text.Append('\n');
        }
    }

    /// <summary>Any rule at all: it has the same times there, or is not there. One that has others is a fault that is known, and stands in the document as such.</summary>
    private static async Task RandomAsync(StringBuilder text, IReadOnlyList<IOutsideCalendar> outside)
    {
        var random = new RandomSeries(Seed);
        var all = Enumerable.Range(0, RandomRules).Select(_ => random.Next()).Select(static series => new Sample("random", [.. LinesOf(series), series.Form == StartForm.Date ? "DURATION:P1D" : "DURATION:PT30M"])).ToList();
        Head(text, string.Create(CultureInfo.InvariantCulture, $"{RandomRules} rules made at random"), outside.Count);
        List<List<string>> answers = [];
        foreach (var calendar in outside)
        {
            List<string> own = [];
            foreach (var sample in all) own.Add(await Comparison.AskAsync(calendar, sample, Melbourne, TestContext.Current.CancellationToken));
            answers.Add(own);
        }

        foreach (var answer in answers.SelectMany(static own => own).Distinct().Order(StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {answer} | {string.Join(" | ", answers.Select(own => own.Count(one => one == answer)))} |\n");
    }

    private static void Head(StringBuilder text, string title, int services) =>
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| | {string.Join(" | ", Services.Take(services).Select(static service => service.Name))} |\n|---|{string.Concat(Enumerable.Repeat("---|", services))}\n");

    private static string[] LinesOf(Series series) =>
        [.. CalendarObject.Parse(Encoding.UTF8.GetBytes(series.ObjectText())).Calendar.Components.Single(static one => one.Name == "VEVENT").Properties
            .Where(static line => line.Name is not ("UID" or "DTSTAMP")).Select(Comparison.Unfold)];

    private static string Folder([CallerFilePath] string file = "") => Path.GetFullPath("..", Path.GetDirectoryName(file)!);
}
