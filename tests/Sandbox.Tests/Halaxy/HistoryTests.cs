using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>
/// Bookings, moves, cancellations and deletions in Halaxy's own pages, in two diaries and on a phone at any time, every kind of fault, hints that are lost or come twice, processes that end at any write of theirs, and a practice
/// that is disconnected for a time: in the end every
/// appointment of Halaxy is in the diary of each who takes part, once, as it is there, but for what is said to be done by hand; nothing of the diary's own is lost; what has an invoice is not cancelled by a phone; and then it is quiet.
/// <c>BRIDGE_HISTORIES=2000 dotnet test --project tests/Sandbox.Tests --filter-class "*In_any_history_with_Halaxy"</c> plays two thousand; <c>BRIDGE_SEED=17</c> plays one again.
/// </summary>
public sealed class In_any_history_with_Halaxy
{
    /// <summary>How many histories a run of the tests plays: always the same ones.</summary>
    private const int Short = 12;

    /// <summary>Seeds that failed once.</summary>
    private static readonly int[] Failed = [660683264];

    private static readonly string[] Methods = ["search", "read", "patch", "book"];
    private static readonly string[] Kinds = ["reset-before", "reset-after", "status", "stale-list", "lost-page-token", "repeated-items"];
    private static readonly int[] Statuses = [403, 429, 500, 503];

    [Fact]
    public async Task Every_appointment_of_Halaxy_is_in_its_diaries_once_nothing_is_lost_and_it_is_quiet()
    {
        int[] known = Environment.GetEnvironmentVariable("BRIDGE_SEED") is { } one ? [int.Parse(one, CultureInfo.InvariantCulture)] : Failed;
        var count = int.Parse(Environment.GetEnvironmentVariable("BRIDGE_HISTORIES") ?? $"{Short}", CultureInfo.InvariantCulture);
        var (done, cut, disconnected) = (0, 0, 0);
        List<string> failures = [];
        for (var n = 0; n < known.Length + count; n++)
        {
            var seed = n < known.Length ? known[n] : n < known.Length + Short ? n : Random.Shared.Next();
            var history = new HalaxyHistory(new Random(seed));
            try
            {
                var (passes, ended) = await history.PlayAsync();
                (done, cut, disconnected) = (done + passes, cut + ended, disconnected + history.Disconnected);
            }
            catch (Exception failed) when (failures.Count < 5)
            {
                failures.Add($"seed {seed}\n{failed}\n{string.Join('\n', history.Said)}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        Assert.True(known.Length + count < 5 || (done > count && cut > count / 2 && disconnected > count / 4), $"{done} passes, {cut} cut short, {disconnected} times disconnected");
    }

    /// <summary>One history.</summary>
    private sealed class HalaxyHistory(Random random)
    {
        private readonly Dictionary<string, string[]> _whose = [];
        private readonly HashSet<string> _cancelled = [];
        private readonly Dictionary<string, (string Owner, string Title)> _own = [];
        private readonly HashSet<string> _kept = [];
        private readonly HashSet<string> _turned = [];
        private readonly List<string> _hints = [];
        private MirrorScene _scene = null!;
        private string _ben = "";
        private string _benThere = "";
        private string _benRole = "";
        private int _named;

        public List<string> Said { get; } = [];

        /// <summary>How often the practice was disconnected.</summary>
        public int Disconnected { get; private set; }

        public async Task<(int Passes, int Cut)> PlayAsync()
        {
            await using var scene = await MirrorScene.StartAsync();
            _scene = scene;
            _ben = await scene.PractitionerAsync("ben", "Ben Ito");
            _benThere = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
            _benRole = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = _benThere, ["clinic"] = scene.Halaxy.Clinic });
            await ConnectAsync();
            if (random.Next(2) == 0) await scene.AddDeviceAsync(PrivacyLevel.FullName);
            var (passes, cut) = (0, 0);
            for (var step = 0; step < 30; step++)
            {
                await scene.AdvanceAsync(Duration.FromMinutes(random.Next(10) == 0 ? 400 : 5));
                await SwitchAsync();
                switch (random.Next(5))
                {
                    case 0 or 1:
                        await InHalaxyAsync();
                        break;
                    case 2 or 3:
                        await HereAsync();
                        break;
                    default:
                        passes++;
                        cut += await PassAsync() ? 0 : 1;
                        break;
                }
            }

            await scene.Halaxy.Scene.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken);
            if (!await IsConnectedAsync()) await ConnectAsync();
            await SettleAsync();
            await CheckAsync();
            await QuietAsync();
            return (passes, cut);
        }

        private Task ConnectAsync() => _scene.ConnectAsync((_scene.Maya, _scene.Halaxy.Practitioner), (_ben, _benThere));

        private async Task<bool> IsConnectedAsync() => (await _scene.ConnectionAsync())!.IsConnected;

        /// <summary>Now and then the practice is disconnected, and some time later connected again with the same practitioners: meanwhile its diaries are its own.</summary>
        private async Task SwitchAsync()
        {
            var isConnected = await IsConnectedAsync();
            if (random.Next(isConnected ? 25 : 5) > 0) return;
            Said.Add(isConnected ? "disconnected" : "connected again");
            if (!isConnected)
            {
                await ConnectAsync();
                return;
            }

            Disconnected++;
            await _scene.Connections.DisconnectAsync(_scene.Group, new AuditActor("Ruth", ActorVia.Web, "ruth", "session"));
        }

        private async Task InHalaxyAsync()
        {
            var all = await _scene.ThereAsync();
            var some = all.Count == 0 ? null : (string)all[random.Next(all.Count)]["id"]!;
            var role = random.Next(3) == 0 ? _benRole : _scene.Halaxy.Role;
            var start = Start();
            switch (some is null ? random.Next(2) : random.Next(9))
            {
                case 0 or 1 or 2:
                    await MadeAsync("book", role, new JsonObject { ["patients"] = _scene.Halaxy.Patient, ["service"] = _scene.Halaxy.Service, ["comments"] = random.Next(2) == 0 ? null : Word() }, start);
                    break;
                case 3:
                    await MadeAsync("meet", random.Next(2) == 0 ? $"{_scene.Halaxy.Role} {_benRole}" : role, new JsonObject { ["title"] = Word() }, start);
                    break;
                case 4 or 5:
                    await DoAsync("move", some!, new JsonObject { ["start"] = start });
                    break;
                case 6:
                    await DoAsync("comment", some!, new JsonObject { ["comments"] = Word() });
                    break;
                case 7:
                    if (!await IsPatientAsync(some!)) break;
                    if (random.Next(2) == 0)
                    {
                        await DoAsync("invoice", some!, []);
                        break;
                    }

                    var status = random.Next(3) switch { 0 => "booked", 1 => "attended", _ => "cancelled (no charge)" };
                    if (status.StartsWith("cancelled", StringComparison.Ordinal)) _cancelled.Add(some!);
                    await DoAsync("cancel", some!, new JsonObject { ["status"] = status });
                    break;
                default:
                    await DoAsync("delete", some!, []);
                    _whose.Remove(some!);
                    break;
            }
        }

        private async Task MadeAsync(string verb, string roles, JsonObject body, string start)
        {
            (body["roles"], body["start"], body["minutes"]) = (roles, start, "50");
            var id = await _scene.Halaxy.IdAsync(verb, body);
            _whose[id] = [.. roles.Split(' ').Select(role => role == _benRole ? _ben : _scene.Maya)];
            Said.Add($"Halaxy: {verb} {id} at {start} for {string.Join(',', _whose[id])}");
            _hints.Add(id);
        }

        private async Task DoAsync(string verb, string id, JsonObject body)
        {
            Said.Add($"Halaxy: {verb} {id} {body.ToJsonString()}");
            body["appointment"] = id;
            await _scene.Halaxy.DoAsync(verb, body);
            _hints.Add(id);
        }

        private async Task HereAsync()
        {
            var owner = random.Next(3) == 0 ? _ben : _scene.Maya;
            var diary = _scene.DiaryOf(owner);
            var all = (await _scene.HereAsync(diary)).OrderBy(one => one.HalaxyId, StringComparer.Ordinal).ThenBy(one => one.Title, StringComparer.Ordinal).ToList();
            if (all.Count == 0 || random.Next(6) == 0)
            {
                var title = Word();
                _own[await diary.AddPersonalAsync(new PersonalEntry(title, Local(), Duration.FromMinutes(30)))] = (owner, title);
                Said.Add($"diary: add {title}");
                return;
            }

            var some = all[random.Next(all.Count)];
            var target = new AppointmentTarget(some.Id);
            try
            {
                // what can be done only while the diary is not connected is done then
                switch (!await IsConnectedAsync() && random.Next(2) == 0 ? random.Next(6, 8) : random.Next(8))
                {
                    case 0 or 1 when some.TakesPlace:
                        var to = Local();
                        Said.Add($"diary: move {some.HalaxyId ?? some.Title} to {to}");
                        await diary.EditAsync(target, new AppointmentEdit { Start = to });
                        break;
                    case 2 when some.TakesPlace:
                        var word = Word();
                        Said.Add($"diary: comment {some.HalaxyId ?? some.Title} {word}");
                        await diary.EditAsync(target, new AppointmentEdit { Comments = word });
                        break;
                    case 3 when some.TakesPlace:
                        Said.Add($"diary: cancel {some.HalaxyId ?? some.Title}");
                        await diary.CancelAsync(target, CancelChoice.Cancel);
                        if (some.HalaxyId is { } id) _cancelled.Add(id);
                        else _own.Remove(some.Id);
                        break;
                    case 4 when some.Published && some.TakesPlace && owner == _scene.Maya:
                        Said.Add($"phone: remove {some.HalaxyId ?? some.Title}{(some.Invoice is null ? "" : ", which has an invoice")}");
                        var outcome = await _scene.PhoneRemovesAsync(some.Id);
                        if (outcome is not ExternalApplied) break;
                        if (some.HalaxyId is { } removed && some.Invoice is not null) _kept.Add(removed);
                        else if (some.HalaxyId is { } gone && some.Status != AppointmentStatus.Attended) _cancelled.Add(gone);
                        if (some.HalaxyId is null) _own.Remove(some.Id);
                        break;
                    case 5 when some.Status == AppointmentStatus.Cancelled:
                        Said.Add($"diary: restore {some.HalaxyId ?? some.Title}");
                        await diary.RestoreAsync(target);
                        break;
                    case 6 when some is { HalaxyId: not null, Kind: AppointmentKind.Personal }:
                        Said.Add($"diary: turn {some.HalaxyId} into a patient appointment");
                        await diary.ConvertToPatientAsync(target, [new Patient("jane", "Jane", "Doe")], "Initial consultation");
                        _own[some.Id] = (owner, "Jane");
                        _turned.Add(some.Id);
                        break;
                    case 7 when some is { HalaxyId: not null, Kind: AppointmentKind.Patient }:
                        Said.Add($"diary: change what is Halaxy's of {some.HalaxyId}");
                        await ChangeHalaxysAsync(diary, target);
                        break;
                }
            }
            catch (DiaryException refused)
            {
                Said.Add($"refused: {refused.Message}");
            }
        }

        /// <summary>What is refused while the diary is connected.</summary>
        private Task<string> ChangeHalaxysAsync(Diary diary, AppointmentTarget target) => random.Next(4) switch
        {
            0 => diary.EditAsync(target, new AppointmentEdit { Status = AppointmentStatus.Attended }),
            1 => diary.EditAsync(target, new AppointmentEdit { Location = Word() }),
            2 => diary.EditAsync(target, new AppointmentEdit { Patients = [new Patient("tim", "Tim", "Doe")] }),
            _ => diary.LinkInvoiceAsync(target, Word()),
        };

        private async Task<bool> PassAsync()
        {
            for (var faults = random.Next(3); faults > 0; faults--)
            {
                var (method, kind) = (Methods[random.Next(Methods.Length)], Kinds[random.Next(Kinds.Length)]);
                if (method != "search" && kind is "stale-list" or "lost-page-token" or "repeated-items") kind = "reset-after";
                var fault = new JsonObject { ["skip"] = random.Next(4), ["times"] = 1 + random.Next(4), ["status"] = Statuses[random.Next(Statuses.Length)], ["amount"] = 1 + random.Next(3), ["reason"] = "exception" };
                Said.Add($"fault {method} {kind} {fault.ToJsonString()}");
                await _scene.Halaxy.Scene.FaultAsync($"halaxy.{method}", kind, fault);
            }

            // some hints are lost, some come twice, some late
            string[] hints = [.. _hints.Where(_ => random.Next(2) == 0)];
            if (random.Next(2) == 0) _hints.Clear();
            try
            {
                var result = await _scene.PassAsync(new CutStore(_scene.Store, random.Next(2) == 0 ? int.MaxValue : random.Next(10)), hints);
                Said.Add($"pass {result}");
                return true;
            }
            catch (CutException)
            {
                Said.Add("pass cut");
                await _scene.AdvanceAsync(Duration.FromMinutes(6));
                return false;
            }
            finally
            {
                await ReviveAsync();
            }
        }

        /// <summary>A person does what a connection that has stopped asks for.</summary>
        private async Task ReviveAsync()
        {
            var connection = (await _scene.ConnectionAsync())!;
            if (connection.State == HalaxyState.DeletionsHeld) await _scene.ChangeAsync(one => one.AllowingDeletions());
            else if (connection is { IsConnected: true, State: not HalaxyState.Active }) await _scene.ChangeAsync(one => one with { State = HalaxyState.Active });
        }

        private async Task SettleAsync()
        {
            for (var n = 0; n < 5; n++)
            {
                await _scene.AdvanceAsync(Duration.FromHours(7));
                var result = await _scene.PassAsync();
                Said.Add($"settling: {result}");
                await ReviveAsync();
            }
        }

        private async Task CheckAsync()
        {
            var tasks = (await _scene.TasksAsync()).ToDictionary(task => task.Id);
            var diaries = new[] { _scene.Maya, _ben };
            var there = (await _scene.ThereAsync()).ToDictionary(one => (string)one["id"]!);
            Assert.Equal(_whose.Keys.Order(), there.Keys.Order());
            foreach (var practitioner in diaries)
            {
                var here = await _scene.HereAsync(_scene.DiaryOf(practitioner));
                foreach (var (id, shown) in there)
                {
                    var copies = here.Where(one => one.HalaxyId == id).ToList();
                    var takesPart = _whose[id].Contains(practitioner);
                    Assert.True(copies.Count <= (takesPart ? 1 : 0), $"{id} is {copies.Count} times with {practitioner}");
                    if (!takesPart) continue;
                    tasks.TryGetValue(id, out var task);
                    Assert.True(copies.Count == 1 || task?.Reason == HalaxyTaskReason.CannotDelete, $"{id} is not with {practitioner}");
                    if (copies is [var copy]) Compare(id, shown, copy, task);
                }

                Assert.All(here.Where(one => one.HalaxyId is not null), one => Assert.True(there.ContainsKey(one.HalaxyId!), $"{one.HalaxyId} is in the diary and not in Halaxy"));
                Assert.All(here.Where(one => _turned.Contains(one.Id)), one => Assert.Equal(("Jane", null), (Assert.Single(one.Patients).GivenName, one.HalaxyId)));
                foreach (var (uid, own) in _own.Where(one => one.Value.Owner == practitioner)) Assert.True(here.Any(one => one.Id == uid), $"{own.Title} is lost");
            }

            foreach (var id in _kept.Where(id => there.ContainsKey(id) && !_cancelled.Contains(id))) Assert.True((bool)there[id]["takesPlace"]!, $"{id} has an invoice, and was cancelled by a phone");
        }

        private static void Compare(string id, JsonObject shown, Appointment copy, HalaxyTask? task)
        {
            var fields = task?.Fields ?? MirroredFields.None;
            if (copy.Kind == AppointmentKind.Patient) Assert.Equal(("Main Street", (bool)shown["invoiced"]!, "Zora"), (copy.Location, copy.Invoice is not null, Assert.Single(copy.Patients) is { GivenName: "Client" } ? "Zora" : copy.Patients[0].GivenName));
            if (!fields.HasFlag(MirroredFields.Times)) Assert.True(OffsetDateTimePattern.ExtendedIso.Parse((string)shown["start"]!).Value.ToInstant() == copy.Start.ToInstant(), $"{id} is at {shown["start"]} there and at {copy.Start} here");
            if (!fields.HasFlag(MirroredFields.Comments)) Assert.True(((string?)shown["comments"] ?? "") == (copy.Comments ?? ""), $"{id} says {shown["comments"]} there and {copy.Comments} here");
            if (!fields.HasFlag(MirroredFields.Status)) Assert.True((bool)shown["takesPlace"]! == copy.Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected), $"{id} takes place on one side only");
        }

        private async Task QuietAsync()
        {
            var (before, asked) = (await ChangesAsync(), _scene.Asked.Paths.Count);
            Assert.Equal(PassResult.Done, await _scene.PassAsync());
            Assert.Equal(before, await ChangesAsync());
            var writes = _scene.Asked.Paths.Skip(asked).Where(path => !path.StartsWith("GET", StringComparison.Ordinal) && !path.Contains("/oauth/", StringComparison.Ordinal)).ToList();
            Assert.True(writes.Count == 0, $"a quiet pass wrote {string.Join(", ", writes)}");
        }

        private async Task<(long, long)> ChangesAsync()
        {
            using var snapshot = await _scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            return ((await snapshot.FindCollectionAsync(_scene.Maya, HxCalendar.CollectionName))!.Change, (await snapshot.FindCollectionAsync(_ben, HxCalendar.CollectionName))!.Change);
        }

        private async Task<bool> IsPatientAsync(string id) => (string?)(await _scene.ThereAsync(id))["title"] is null;

        private string Word() => $"word {++_named}";

        private LocalDateTime Local() => new LocalDateTime(2026, 1, 8, 8, 0).PlusDays(random.Next(12)).PlusMinutes(30 * random.Next(18));

        private string Start() => Local().ToString("uuuu-MM-dd'T'HH':'mm", CultureInfo.InvariantCulture);
    }
}
