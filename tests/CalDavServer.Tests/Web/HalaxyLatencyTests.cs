using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>How soon a change on one side is on the other (R11): with webhooks as the server is set up by itself, and by asking only, with all waits a tenth of what they are.</summary>
public abstract class HalaxyLatencyTests(ITestOutputHelper output) : HalaxyPageTest
{
    private protected abstract TimeSpan Bound { get; }

    private protected abstract string Way { get; }

    private protected abstract int Changes { get; }

    [Fact]
    public async Task A_change_on_either_side_is_soon_on_the_other()
    {
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1, "the booking is here");
        await PrepareAsync(ruth);
        var (inwards, outwards) = (new List<TimeSpan>(), new List<TimeSpan>());
        var uid = (await HereAsync()).Single().Id;
        for (var n = 0; n < Changes; n++)
        {
            // a booking, a move and a comment in turn; and the other way a cancellation, a move and a comment
            var (inward, outward) = (n % 3) switch
            {
                0 => BookAndCancel(n),
                1 => MoveBoth(id, uid, n),
                _ => CommentBoth(id, uid, n),
            };
            inwards.Add(await TimeAsync(inward));
            outwards.Add(await TimeAsync(outward));
            // not always at the same moment after a look
            await Task.Delay(Random.Shared.Next(200), TestContext.Current.CancellationToken);
        }

        foreach (var (way, times) in new[] { ("from Halaxy", inwards), ("to Halaxy", outwards) })
        {
            var sorted = times.Order().ToList();
            var p95 = sorted[(int)Math.Ceiling(Changes * 0.95) - 1];
            output.WriteLine($"{Way}, {way}: p50 {sorted[Changes / 2].TotalSeconds:0.00} s, p95 {p95.TotalSeconds:0.00} s");
            Assert.True(p95 <= Bound, $"{way}: {string.Join(", ", sorted)}");
        }
    }

    private protected virtual Task PrepareAsync(PageClient ruth) => Task.CompletedTask;

    private (Change In, Change Out) BookAndCancel(int n)
    {
        string? booked = null;
        return (
            new Change(async () => booked = await There.BookAsync(Now, n + 5), async () => (await HereAsync()).Any(one => one.HalaxyId == booked)),
            new Change(async () => await Diary.CancelAsync(new AppointmentTarget((await OfAsync(booked!)).Id), CancelChoice.Cancel), async () => !(bool)(await There.ShowAsync(booked!))["takesPlace"]!));
    }

    private (Change In, Change Out) MoveBoth(string id, string uid, int n)
    {
        var (there, here) = (At(30, n), At(31, n));
        return (
            new Change(() => There.DoAsync("move", new() { ["appointment"] = id, ["start"] = InstantPattern.General.Format(there) }), async () => (await OfAsync(id)).Start.ToInstant() == there),
            new Change(
                () => Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Start = here.InZone(Practice.Zone()).LocalDateTime }),
                async () => OffsetDateTimePattern.Rfc3339.Parse((string)(await There.ShowAsync(id))["start"]!).Value.ToInstant() == here));
    }

    private (Change In, Change Out) CommentBoth(string id, string uid, int n)
    {
        var (there, here) = ($"there {n}", $"here {n}");
        return (
            new Change(() => There.DoAsync("comment", new() { ["appointment"] = id, ["comments"] = there }), async () => (await OfAsync(id)).Comments == there),
            new Change(() => Diary.EditAsync(new AppointmentTarget(uid), new AppointmentEdit { Comments = here }), async () => (string?)(await There.ShowAsync(id))["comments"] == here));
    }

    private async Task<Appointment> OfAsync(string id) => (await HereAsync()).Single(one => one.HalaxyId == id);

    // each time another hour, at which nothing is booked
    private Instant At(int days, int n) => Instant.FromUnixTimeSeconds(Now.ToUnixTimeSeconds() / 3600 * 3600) + Duration.FromDays(days) + Duration.FromHours(n);

    private static async Task<TimeSpan> TimeAsync(Change change)
    {
        var since = Stopwatch.StartNew();
        await change.Make();
        while (!await change.IsThere())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(90), "After 90 seconds it was not so.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return since.Elapsed;
    }

    /// <summary>What somebody does on one side, and how it is seen on the other.</summary>
    private sealed record Change(Func<Task> Make, Func<Task<bool>> IsThere);
}

/// <summary>With webhooks: within 15 seconds.</summary>
public sealed class HalaxyWebhookLatencyTests(ITestOutputHelper output) : HalaxyLatencyTests(output)
{
    private protected override ServerOptions? Hosting => There.Register(new ServerOptions()) with { PublicAddress = new Uri("http://127.0.0.1:1/") };

    private protected override TimeSpan Bound => TimeSpan.FromSeconds(15);

    private protected override string Way => "webhooks";

    private protected override int Changes => 20;

    private protected override async Task PrepareAsync(PageClient ruth)
    {
        var page = WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text);
        string Of(string id) => new Uri(Server.Address, new Uri(Regex.Match(page, $"id=\"{id}\" class=\"code\" value=\"([^\"]*)\"").Groups[1].Value).AbsolutePath).AbsoluteUri;
        foreach (var (kind, id) in new[] { ("created", "hook-0"), ("updated", "hook-1"), ("deleted", "hook-2") }) await There.DoAsync("hook", new() { ["kind"] = kind, ["address"] = Of(id), ["secret"] = null });
    }
}

/// <summary>By asking only: within 90 seconds, of which this is a tenth.</summary>
public sealed class HalaxyPollLatencyTests(ITestOutputHelper output) : HalaxyLatencyTests(output)
{
    private static readonly LinkTimes Usual = new();

    private protected override ServerOptions? Hosting => There.Register(new ServerOptions()) with { LinkTimes = Usual with { Poll = Usual.Poll / 10, Gather = Usual.Gather / 10 } };

    private protected override TimeSpan Bound => TimeSpan.FromSeconds(9);

    private protected override string Way => "asking, a tenth of all waits";

    private protected override int Changes => 8;
}
