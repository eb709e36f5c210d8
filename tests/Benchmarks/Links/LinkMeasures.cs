using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CalDavServer.Hosting;
using CalDavServer.Links;
using CalDavServer.Options;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace Benchmarks.Links;

/// <summary>
/// What links cost the server, as it runs, with the stand-in for Google in a process of its own: <c>links APPOINTMENTS IDLE-LINKS</c>. The first sync of so many appointments; the same with every one of them changed; and so many links
/// of which nothing changes, of which each is looked at ten times as often as it would be.
/// </summary>
internal sealed class LinkMeasures : IAsyncDisposable
{
    private const int Sooner = 10;

    /// <summary>Google lets an account make some sixty calendars a day.</summary>
    private const int PerAccount = 20;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);
    private static readonly LinkTimes Usual = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("links-");
    private readonly StandIn _google;
    private SqliteStore _store = null!;
    private WebApplication _server = null!;
    private string _group = "";

    private LinkMeasures(StandIn google) => _google = google;

    private LinkRunner Runner => _server.Services.GetRequiredService<LinkRunner>();

    private AccountTokens Tokens => _server.Services.GetRequiredService<Providers>().Find("google")!.SignIn!.Tokens;

    private static TimeSpan Cpu => Process.GetCurrentProcess().TotalProcessorTime;

    private static long Megabytes => Environment.WorkingSet / 1024 / 1024;

    public static async Task<int> RunAsync(int appointments, int idle)
    {
        using var google = await StandIn.StartAsync();
        await using (var one = new LinkMeasures(google))
        {
            await one.StartAsync(Usual);
            await one.MeasureChangesAsync(appointments);
        }

        await using var many = new LinkMeasures(google);
        await many.StartAsync(Usual with { PollTold = Usual.PollTold / Sooner });
        await many.MeasureIdleAsync(idle);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo()) await Task.Delay(50);
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private async Task StartAsync(LinkTimes times)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        _store = await SqliteStore.OpenAsync(Path.Combine(_folder.FullName, "calendar.db"), SystemClock.Instance);
        _server = ServerHost.Build(new ServerOptions { Urls = [address], PublicAddress = new Uri(address), KeyFolder = Path.Combine(_folder.FullName, "keys"), Google = _google.App, LinkTimes = times }, _store, SystemClock.Instance);
        await _server.StartAsync();
        _group = (await new PracticeDirectory(_store, SystemClock.Instance).CreatePracticeAsync("Riverbend", "Australia/Melbourne")).Id;
    }

    private async Task MeasureChangesAsync(int count)
    {
        var (refresh, access) = await _google.SignInAsync("sam@gmail.com");
        var link = await MakeAsync(0, refresh, access);
        var diary = new Diary(_store, SystemClock.Instance, link.PractitionerId, new AuditActor("Maya", ActorVia.Web, link.PractitionerId, "session"));
        List<string> uids = [];
        var first = SystemClock.Instance.GetCurrentInstant().InUtc().Date.At(new LocalTime(9, 0));
        for (var n = 0; n < count; n++) uids.Add(await diary.AddPersonalAsync(new PersonalEntry($"Appointment {n}", first.PlusMinutes(15 * n), Duration.FromMinutes(15))));
        await MeasureAsync("first sync", link, count);
        await ChangeAsync(link, static kept => kept with { State = LinkState.Paused });
        for (var n = 0; n < count; n++) await diary.EditAsync(new AppointmentTarget(uids[n]), new AppointmentEdit { Start = first.PlusMinutes((15 * n) + 5) });
        await ChangeAsync(link, static kept => kept with { State = LinkState.Active });
        await MeasureAsync("all of them moved", link, count);
    }

    private async Task MeasureAsync(string what, Link link, int count)
    {
        var before = (await FindAsync(link))?.LastPass;
        var (since, cpu) = (Stopwatch.StartNew(), Cpu);
        if (before is null) await _store.ApplyAsync(StoreBatch.Of(link.Put()));
        Runner.Wake(link.Key);
        await UntilAsync(async () => await FindAsync(link) is { LastPass: { } last } && last != before);
        var used = Cpu - cpu;
        Say($"{what}: {count} appointments in {since.Elapsed.TotalSeconds:0.0} s, {used.TotalMilliseconds / count:0.00} ms of processor time each: {count / used.TotalSeconds:0} reconciles a second on one core; {Megabytes} MB");
    }

    private async Task MeasureIdleAsync(int count)
    {
        var before = Megabytes;
        string refresh = "", access = "";
        for (var n = 0; n < count; n++)
        {
            if (n % PerAccount == 0) (refresh, access) = await _google.SignInAsync($"sam{n / PerAccount}@gmail.com");
            var link = await MakeAsync(n, refresh, access);
            await _store.ApplyAsync(StoreBatch.Of(link.Put()));
            Runner.Wake(link.Key);
        }

        await UntilAsync(async () => await CountAsync(Instant.MinValue) == count);
        GC.Collect();
        var (since, cpu, start) = (Stopwatch.StartNew(), Cpu, SystemClock.Instance.GetCurrentInstant());
        await Task.Delay(Quiet);
        var share = (Cpu - cpu) / since.Elapsed;
        Say($"{count} idle links, of which {await CountAsync(start)} were looked at in {since.Elapsed.TotalSeconds:0} s: {share:0.0%} of one core, {share / Sooner:0.0%} as often as they are; {before} MB before, {Megabytes} MB now");
    }

    private async Task<Link> MakeAsync(int n, string refresh, string access)
    {
        var person = await new PracticeDirectory(_store, SystemClock.Instance).CreatePersonAsync($"p{n}", $"Practitioner {n}", null, PrincipalRole.Practitioner, _group);
        var account = await Tokens.KeepAsync(person.Id, new AccountGrant($"sam{n / PerAccount}", $"sam{n / PerAccount}@gmail.com", refresh));
        return new Link(Link.KeyOf(account.Key).LinkId, person.Id, "google", "Google", PrivacyLevel.Initials) { CalendarId = await _google.MakeCalendarAsync(access) };
    }

    private async Task<Link?> FindAsync(Link link)
    {
        using var snapshot = await _store.OpenSnapshotAsync();
        return await Link.FindAsync(snapshot, link.Key);
    }

    private async Task<int> CountAsync(Instant since)
    {
        using var snapshot = await _store.OpenSnapshotAsync();
        return (await Link.ListAllAsync(snapshot)).Count(link => link.LastPass > since);
    }

    private async Task ChangeAsync(Link link, Func<Link, Link> change)
    {
        while (!(await _store.ApplyAsync(StoreBatch.Of(change((await FindAsync(link))!).Put()))).Succeeded) await Task.Delay(50);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
