using System.Text;
using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Store;
using Practice;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.Tests.CalDav;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.Fidelity;

/// <summary>A calendar outside as the person uses it, and the diary that is linked to it.</summary>
internal abstract class TheirCalendar : IAsyncDisposable
{
    public abstract ICalendarStore Store { get; }

    public abstract LinkKey Key { get; }

    public abstract Diary Diary { get; }

    /// <summary>A calendar of each service, in the order of the table.</summary>
    public static IReadOnlyList<Func<Task<TheirCalendar>>> All { get; } =
    [
        static async () => new AtGoogle(await GoogleLink.StartAsync(PrivacyLevel.FullName)),
        static async () => new AtMicrosoft(await MicrosoftLink.StartAsync(PrivacyLevel.FullName)),
        static async () => new InCalDav(await CalDavLink.StartAsync(PrivacyLevel.FullName)),
    ];

    /// <summary>Whether there can be such a thing.</summary>
    public abstract bool Has(MadeThere one);

    /// <summary>The person makes it.</summary>
    /// <returns>The ids of what that is outside.</returns>
    public abstract Task<IReadOnlyList<string>> MakeAsync(MadeThere one);

    /// <summary>All that there is of it outside, as lines of a name and a value.</summary>
    public abstract Task<IReadOnlyList<string>> ReadAsync(string id);

    public abstract Task<PassResult> PassAsync();

    public abstract Task<Collection> HxAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>One whose things are resources in JSON.</summary>
    private abstract class AtService(OutsideLink link) : TheirCalendar
    {
        public override ICalendarStore Store => link.Store;

        public override LinkKey Key => link.Key;

        public override Diary Diary => link.Diary;

        protected OutsideLink Link => link;

        protected abstract JsonObject ResourceOf(MadeThere one);

        public override async Task<IReadOnlyList<string>> MakeAsync(MadeThere one)
        {
            List<string> ids = [(string)(await link.PersonAsync("create", new JsonObject { ["resource"] = ResourceOf(one) }))!["id"]!];
            foreach (var act in one.Acts)
            {
                var date = (await link.SeenAsync()).First(seen => (string?)seen["series"] == ids[^1] && (string)seen["start"]! == act.At);
                var body = new JsonObject { ["event"] = (string)date["id"]!, ["start"] = act.Start, ["end"] = act.End, ["changes"] = link.Saying("Other", place: "Room 9") };
                var made = await link.PersonAsync(act.Verb, body);
                if (act.Verb == "move-following") ids.Add((string)made!["id"]!);
            }

            return ids;
        }

        public override Task<PassResult> PassAsync() => link.PassAsync();

        public override Task<Collection> HxAsync() => link.HxAsync();

        public override ValueTask DisposeAsync() => link.DisposeAsync();

        protected static IEnumerable<string> Flat(JsonNode? node, string path) => node switch
        {
            JsonObject all => all.SelectMany(one => Flat(one.Value, $"{path}.{one.Key}")),
            JsonArray all => all.SelectMany((one, at) => Flat(one, $"{path}[{at}]")),
            _ => [$"{path}:{node?.ToJsonString()}"],
        };
    }

    private sealed class AtGoogle(OutsideLink link) : AtService(link)
    {
        public override bool Has(MadeThere one) => one.Google is not null;

        public override async Task<IReadOnlyList<string>> ReadAsync(string id)
        {
            var user = new GoogleUser(Link.Scene, Link.Account["google:".Length..], Link.Wire.Token);
            var path = $"calendars/{Uri.EscapeDataString(Link.CalendarId)}/events/{id}";
            var found = await user.OkAsync("GET", path);
            var dates = found["recurrence"] is null ? [] : await user.OkAsync("GET", $"{path}/instances?showDeleted=true&maxResults=50");
            return [.. Flat(found, ""), .. Flat(dates["items"], "")];
        }

        protected override JsonObject ResourceOf(MadeThere one) => one.AtGoogle;
    }

    private sealed class AtMicrosoft(OutsideLink link) : AtService(link)
    {
        public override bool Has(MadeThere one) => one.Microsoft is not null;

        public override async Task<IReadOnlyList<string>> ReadAsync(string id)
        {
            var user = new GraphUser(Link.Scene, Link.Account["microsoft:".Length..], Link.Wire.Token);
            var expanded = $"exceptionOccurrences,singleValueExtendedProperties($filter=id eq '{MadeThere.AppsOwn}')";
            return [.. Flat(await user.OkAsync("GET", $"me/events/{id}?$expand={Uri.EscapeDataString(expanded)}"), "")];
        }

        protected override JsonObject ResourceOf(MadeThere one) => one.AtMicrosoft;
    }

    private sealed class InCalDav(CalDavLink link) : TheirCalendar
    {
        public override ICalendarStore Store => link.Store;

        public override LinkKey Key => link.Key;

        public override Diary Diary => link.Diary;

        public override bool Has(MadeThere one) => one.IsInCalDav;

        public override async Task<IReadOnlyList<string>> MakeAsync(MadeThere one)
        {
            List<string> ids = [];
            foreach (var sample in one.Objects)
            {
                var uid = Guid.NewGuid().ToString();
                await link.User.PutAsync($"{link.User.Calendar}{uid}.ics", sample.Text(uid));
                ids.Add($"{uid}.ics");
            }

            return ids;
        }

        public override async Task<IReadOnlyList<string>> ReadAsync(string id)
        {
            var text = (await link.User.ListAsync()).Single(one => one.Path.EndsWith(id, StringComparison.Ordinal)).Text;
            return [.. Flat(CalendarObject.Parse(Encoding.UTF8.GetBytes(text)).Calendar)];
        }

        public override Task<PassResult> PassAsync() => link.PassAsync();

        public override Task<Collection> HxAsync() => link.HxAsync();

        public override ValueTask DisposeAsync() => link.DisposeAsync();

        private static IEnumerable<string> Flat(Component component) => component.Properties.Select(Comparison.Unfold).Concat(component.Components.SelectMany(Flat));
    }
}
