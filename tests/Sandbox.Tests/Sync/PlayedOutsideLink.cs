using System.Globalization;
using System.Text.Json.Nodes;
using Calendaring.Store;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>A link to Google or Microsoft that is played on.</summary>
internal sealed class PlayedOutsideLink(OutsideLink link) : PlayedLink
{
    private static readonly LocalDateTimePattern Times = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm");
    private static readonly string[] Methods = ["insert", "update", "update", "delete", "get", "list"];
    private static readonly string[] Kinds = ["reset-before", "reset-after", "race", "status"];
    private static readonly int[] Statuses = [400, 403, 429, 503];

    public override ICalendarStore Store => link.Store;

    public override Diary Diary => link.Diary;

    public override LinkKey Key => link.Key;

    public override IClock Clock => new Now(link);

    public override IReadOnlyList<string> Requests => [.. link.Wire.Ever.Select(one => $"{one.Method} {one.Path}\n{one.Headers}\n{one.Body}")];

    public override Task AdvanceAsync(Duration by) => link.AdvanceAsync(by);

    public override Task<PassResult> PassAsync(ICalendarStore? store = null) => link.PassAsync(store);

    public override Task SettleAsync(string history) => link.SettleAsync(history);

    public override async Task<IReadOnlyList<SeenEvent>> SeenAsync() =>
    [
        .. (await link.SeenAsync()).Where(one => (bool)one["live"]!).Select(one => new SeenEvent((string?)one["series"] ?? (string)one["id"]!, (string?)one["title"] ?? "", Start((string)one["start"]!))).DistinctBy(one => one.Id),
    ];

    public override async Task CreateAsync(string title, LocalDateTime start, bool isPrivate)
    {
        var made = await link.PersonAsync("create", new JsonObject { ["title"] = title, ["start"] = Text(start), ["end"] = Text(start.PlusMinutes(40)) });
        if (isPrivate) await EditAsync((string)made!["id"]!, Privacy(true));
    }

    public override Task MoveAsync(SeenEvent one, LocalDateTime start) => link.PersonAsync("move", new JsonObject { ["event"] = one.Id, ["start"] = Text(start), ["end"] = Text(start.PlusMinutes(40)) });

    public override Task RetitleAsync(SeenEvent one, string title) => link.PersonAsync("edit", new JsonObject { ["event"] = one.Id, ["title"] = title });

    public override Task MarkAsync(SeenEvent one, bool isPrivate) => EditAsync(one.Id, Privacy(isPrivate));

    public override Task DeleteAsync(SeenEvent one) => link.PersonAsync("delete", new JsonObject { ["event"] = one.Id });

    public override async Task<string> FaultAsync(Random random)
    {
        var (method, kind) = (Methods[random.Next(Methods.Length)], Kinds[random.Next(Kinds.Length)]);
        var fault = new JsonObject { ["skip"] = random.Next(3), ["times"] = 1 + random.Next(2), ["status"] = Statuses[random.Next(Statuses.Length)] };
        await link.Scene.FaultAsync(link.Operation(method), kind, fault);
        return $"{method} {kind} {fault.ToJsonString()}";
    }

    public override Task ClearFaultsAsync() => link.Scene.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken);

    public override string KeyOf(string id) => link.KeyOf(id);

    public override ValueTask DisposeAsync() => link.DisposeAsync();

    private JsonObject Privacy(bool isPrivate)
    {
        var changes = link.MarkedPrivate;
        if (!isPrivate) changes[changes.First().Key] = link is GoogleLink ? "default" : "normal";
        return changes;
    }

    private Task<JsonNode?> EditAsync(string id, JsonObject changes) => link.PersonAsync("edit", new JsonObject { ["event"] = id, ["changes"] = changes });

    private static LocalDateTime Start(string text) => Times.Parse(text.Length == 10 ? text + " 00:00" : text).Value;

    private static string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private sealed class Now(OutsideLink link) : IClock
    {
        public Instant GetCurrentInstant() => link.Now;
    }
}
