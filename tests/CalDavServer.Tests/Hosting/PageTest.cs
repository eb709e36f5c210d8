using CalDavServer.Options;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>A test class with a server and a practice group in Melbourne: practitioners Maya and Tom, administrator Ruth, all with <see cref="Password"/> for the pages.</summary>
public abstract class PageTest : IAsyncLifetime
{
    private protected const string Password = "a fine long password";

    private protected TestServer Server { get; private set; } = null!;

    private protected PracticeGroup Practice { get; private set; } = null!;

    private protected Principal Maya { get; private set; } = null!;

    private protected Principal Tom { get; private set; } = null!;

    private protected Principal Ruth { get; private set; } = null!;

    /// <summary>The server's clock; null for the system's.</summary>
    private protected virtual IClock? Clock => null;

    /// <summary>Whether two-way sync is a paid add-on in the practice group (R7).</summary>
    private protected virtual bool Billing => false;

    /// <summary>How the server is set up; null for the usual.</summary>
    private protected virtual ServerOptions? Hosting => null;

    /// <summary>What is between the server and its store; null for nothing.</summary>
    private protected virtual Func<ICalendarStore, ICalendarStore>? Disk => null;

    public virtual async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(Clock, hosting: Hosting, disk: Disk);
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        Practice = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne", billing: Billing);
        Maya = await AddAsync(directory, "maya", "Maya Lindqvist", PrincipalRole.Practitioner);
        Tom = await AddAsync(directory, "tom", "Tom Okafor", PrincipalRole.Practitioner);
        Ruth = await AddAsync(directory, "ruth", "Ruth Calloway", PrincipalRole.Administrator);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
    }

    /// <summary>Ends the server, and starts another on what it has stored.</summary>
    private protected async Task RestartAsync() => Server = await Server.RestartAsync(hosting: Hosting, disk: Disk);

    /// <summary>What the practice group's audit log says was done, oldest first.</summary>
    private protected async Task<IReadOnlyList<AuditAction>> AuditAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Practice.Id, 0, 1000);
        return [.. lines.Select(line => line.Entry!.Action)];
    }

    /// <summary>A browser in which somebody is signed in.</summary>
    private protected async Task<PageClient> SignedInAsync(string login)
    {
        var client = new PageClient(Server);
        await client.SignInAsync(login, Password);
        return client;
    }

    private async Task<Principal> AddAsync(PracticeDirectory directory, string login, string name, PrincipalRole role)
    {
        var person = await directory.CreatePersonAsync(login, name, $"{login}@riverbend.example", role, Practice.Id);
        await PageClient.GivePasswordAsync(Server, person.Id, Password);
        return person;
    }
}
