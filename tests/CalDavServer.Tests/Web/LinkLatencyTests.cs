using System.Diagnostics;
using System.Globalization;
using CalDavServer.Options;
using NodaTime;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>
/// How soon a change on one side of a link is on the other (R1), over real sockets, with the links' waits a tenth of what they are: each bound here is a tenth of the bound. With waits as they are,
/// <c>LINK_CHANGES=100 LINK_WAITS_DIVIDED_BY=1</c> measures what tests/Benchmarks/README.md says.
/// </summary>
public abstract class LinkLatencyTests(ITestOutputHelper output) : HookedPageTest
{
    private static readonly LinkTimes Usual = new();
    private static readonly double Shorter = Number("LINK_WAITS_DIVIDED_BY", 10);
    private static readonly Instant First = Instant.FromUtc(2026, 12, 18, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2026, 12, 23, 0, 0);

    /// <summary>How soon a change in the practice is outside: p95, with waits as they are.</summary>
    private protected virtual TimeSpan Out => TimeSpan.FromSeconds(15);

    /// <summary>How soon a change outside is in the practice: p95, with waits as they are.</summary>
    private protected virtual TimeSpan In => TimeSpan.FromSeconds(30);

    /// <summary>How many changes are made on each side.</summary>
    private protected virtual int Changes => 20;

    /// <summary>Whether the service tells of changes.</summary>
    private protected virtual bool IsTold => true;

    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with
    {
        PublicAddress = IsTold ? Relay.Address : null,
        LinkTimes = Usual with { Poll = Usual.Poll / Shorter, Gather = Usual.Gather / Shorter },
    };

    [Fact]
    public async Task A_change_on_either_side_is_soon_on_the_other()
    {
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Dentist", At(0), Duration.FromMinutes(30)));
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        await UntilAsync(async () => await StartThereAsync() == At(0), "it is outside");
        if (IsTold) await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("reaches your diary within seconds", StringComparison.Ordinal), "the service tells");
        List<TimeSpan> outwards = [], inwards = [];
        var changes = Number("LINK_CHANGES", Changes);
        for (var n = 0; n < changes; n++)
        {
            var (here, there) = (At((2 * n) + 1), At((2 * n) + 2));
            var since = Stopwatch.StartNew();
            await Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = here });
            outwards.Add(await UntilSoAsync(since, async () => await StartThereAsync() == here));
            var id = (await Side.SeenAsync()).Single().Id;
            since.Restart();
            await Side.InCalendarAsync("move", new() { ["event"] = id, ["start"] = Text(there), ["end"] = Text(there.PlusMinutes(30)) });
            inwards.Add(await UntilSoAsync(since, async () => (await Diary.ListAsync(First, Last)).Single().Start.LocalDateTime == there));
            // not always at the same moment after a look
            await Task.Delay(Random.Shared.Next(300), TestContext.Current.CancellationToken);
        }

        Check("out", outwards, Out);
        Check("in", inwards, In);
    }

    private static LocalDateTime At(int minute) => new LocalDateTime(2026, 12, 20, 8, 0).PlusMinutes(minute % 600);

    private static string Text(LocalDateTime time) => time.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private static int Number(string name, int usual) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{usual}", CultureInfo.InvariantCulture);

    private async Task<LocalDateTime?> StartThereAsync() =>
        await Side.SeenAsync() is [var seen] ? NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm").Parse(seen.Start).Value : null;

    private static async Task<TimeSpan> UntilSoAsync(Stopwatch since, Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(120), "After two minutes it was not so.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return since.Elapsed;
    }

    private void Check(string way, List<TimeSpan> times, TimeSpan bound)
    {
        var sorted = times.Order().ToList();
        var p95 = sorted[(int)Math.Ceiling(sorted.Count * 0.95) - 1];
        output.WriteLine($"{Side.Name}, {(IsTold ? "told" : "asked")}, {way}: p50 {sorted[sorted.Count / 2].TotalSeconds:0.00} s, p95 {p95.TotalSeconds:0.00} s");
        Assert.True(p95 <= bound / Shorter, $"{way}: {string.Join(", ", sorted)}");
    }
}

/// <summary>Google tells of changes.</summary>
public sealed class GoogleLatencyTests(ITestOutputHelper output) : LinkLatencyTests(output)
{
    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");
}

/// <summary>Microsoft tells of changes.</summary>
public sealed class MicrosoftLatencyTests(ITestOutputHelper output) : LinkLatencyTests(output)
{
    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");
}

/// <summary>iCloud tells of nothing, and is asked: within two minutes.</summary>
public sealed class ICloudLatencyTests(ITestOutputHelper output) : LinkLatencyTests(output)
{
    private protected override TimeSpan In => TimeSpan.FromMinutes(2);

    private protected override int Changes => 8;

    private protected override bool IsTold => false;

    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("icloud");
}
