using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.CalDav;

/// <summary>A link to a CalDAV account that is played on.</summary>
internal sealed class PlayedCalDavLink(CalDavLink link) : PlayedLink
{
    private static readonly string[] Methods = ["PUT", "PUT", "DELETE", "GET", "sync", "multiget"];
    private static readonly string[] Kinds = ["reset-before", "reset-after", "status"];
    private static readonly int[] Statuses = [400, 403, 429, 503];

    public override ICalendarStore Store => link.Store;

    public override Diary Diary => link.Diary;

    public override LinkKey Key => link.Key;

    public override IClock Clock => new Now(link);

    public override IReadOnlyList<string> Requests => [.. link.Front.Ever.Select(one => $"{one.What} {one.Path}\n{one.Headers}\n{one.Body}")];

    public override Task AdvanceAsync(Duration by)
    {
        link.Advance(by);
        return Task.CompletedTask;
    }

    public override Task<PassResult> PassAsync(ICalendarStore? store = null) => link.PassAsync(store);

    public override Task SettleAsync(string history) => link.SettleAsync(history);

    public override async Task<IReadOnlyList<SeenEvent>> SeenAsync() => [.. (await link.User.ListAsync()).Select(one => Seen(one.Path, one.Text))];

    public override Task CreateAsync(string title, LocalDateTime start, bool isPrivate) =>
        isPrivate ? link.User.PutNewAsync($"private-{title}", $"SUMMARY:{title}\r\nDTSTART;TZID=Australia/Melbourne:{start:uuuuMMdd'T'HHmmss}\r\nDTEND;TZID=Australia/Melbourne:{start.PlusMinutes(40):uuuuMMdd'T'HHmmss}\r\nCLASS:CONFIDENTIAL\r\n")
        : link.User.CreateAsync(title, start, Duration.FromMinutes(40));

    public override Task MoveAsync(SeenEvent one, LocalDateTime start) => link.User.MoveAsync(one.Id, start, Duration.FromMinutes(40));

    public override Task RetitleAsync(SeenEvent one, string title) => link.User.EditAsync(one.Id, master => master.Summary = title);

    public override Task MarkAsync(SeenEvent one, bool isPrivate) => link.User.EditAsync(one.Id, master => master.Class = isPrivate ? "PRIVATE" : "PUBLIC");

    public override Task DeleteAsync(SeenEvent one) => link.User.DeleteAsync(one.Id);

    public override Task<string> FaultAsync(Random random)
    {
        var fault = new FrontFault(Methods[random.Next(Methods.Length)], Kinds[random.Next(Kinds.Length)]) { Skip = random.Next(3), Times = 1 + random.Next(2), Status = Statuses[random.Next(Statuses.Length)] };
        link.Front.Script(fault);
        return Task.FromResult($"{fault}");
    }

    public override Task ClearFaultsAsync()
    {
        link.Front.ClearScript();
        return Task.CompletedTask;
    }

    public override string KeyOf(string id) => Uri.UnescapeDataString(id[(id.LastIndexOf('/') + 1)..]);

    public override ValueTask DisposeAsync() => link.DisposeAsync();

    private static SeenEvent Seen(string path, string text)
    {
        var master = CalendarObject.Parse(Encoding.UTF8.GetBytes(text)).Calendar.Components.First(one => one.Name == "VEVENT" && one.Find("RECURRENCE-ID") is null);
        Assert.True(master.Find("DTSTART")!.TryReadTime(out var start));
        return new SeenEvent(path, master.Find("SUMMARY")?.Text ?? "", start.Local);
    }

    private sealed class Now(CalDavLink link) : IClock
    {
        public Instant GetCurrentInstant() => link.Now;
    }
}
