using System.Text;
using CalDavServer.Access;
using CalDavServer.Hosting;
using CalDavServer.Options;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Practice;
using Practice.Hx;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>A whole server on a free port of 127.0.0.1, with a real store in a folder of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string PracticeId = "practice-1";

    private readonly WebApplication _app;
    private readonly string _folder;

    private TestServer(WebApplication app, SqliteStore store, string folder, IClock clock)
    {
        _app = app;
        Store = store;
        _folder = folder;
        Clock = clock;
        Address = new Uri(app.Urls.First());
    }

    public SqliteStore Store { get; }

    public IClock Clock { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public static async Task<TestServer> StartAsync(IClock? clock = null, SqliteStoreOptions? options = null, ServerOptions? hosting = null, Func<ICalendarStore, ICalendarStore>? disk = null)
    {
        return await StartAsync(Directory.CreateTempSubdirectory("caldav-test-").FullName, clock ?? SystemClock.Instance, options, hosting, disk);
    }

    /// <summary>Ends this server, and starts another on what it has stored.</summary>
    public async Task<TestServer> RestartAsync(SqliteStoreOptions? options = null, ServerOptions? hosting = null, Func<ICalendarStore, ICalendarStore>? disk = null)
    {
        await StopAsync();
        return await StartAsync(_folder, Clock, options, hosting, disk);
    }

    private static async Task<TestServer> StartAsync(string folder, IClock clock, SqliteStoreOptions? options, ServerOptions? hosting, Func<ICalendarStore, ICalendarStore>? disk)
    {
        var store = await SqliteStore.OpenAsync(Path.Combine(folder, "calendar.db"), clock, options);
        var app = ServerHost.Build((hosting ?? new ServerOptions()) with { Urls = ["http://127.0.0.1:0"] }, disk?.Invoke(store) ?? store, clock);
        await app.StartAsync();
        return new TestServer(app, store, folder, clock);
    }

    /// <summary>Adds a person with an app password and the collections they start with: <c>hx/</c> for a practitioner, <c>tasks/</c> and <c>home/</c> for all.</summary>
    public async Task<Person> AddPersonAsync(
        string login,
        PrincipalRole role = PrincipalRole.Practitioner,
        string? practiceId = PracticeId,
        bool readOnly = false,
        PrivacyLevel level = PrivacyLevel.FullName)
    {
        var now = Clock.GetCurrentInstant();
        var principal = new Principal("id-" + login.Split('@')[0], login, login.Split('@')[0], login, (int)role, practiceId);
        var operations = new List<StoreOperation>
        {
            new CreatePrincipal(principal),
            Collection(principal, "tasks", Calendaring.Store.Collection.OrdinaryKind, now, "VTODO"),
            Collection(principal, "home", Calendaring.Store.Collection.OrdinaryKind, now, "VEVENT", "VTODO", "VJOURNAL"),
        };
        if (role == PrincipalRole.Practitioner) operations.Add(Collection(principal, HxCalendar.CollectionName, HxCalendar.Kind, now, "VEVENT"));
        var outcome = await Store.ApplyAsync(new StoreBatch(operations));
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        return await AddPasswordAsync(principal, readOnly, level);
    }

    /// <summary>Another device of the same person.</summary>
    public async Task<Person> AddPasswordAsync(Principal principal, bool readOnly = false, PrivacyLevel level = PrivacyLevel.FullName)
    {
        var secret = AppPassword.Generate();
        var credential = AppPassword.ForGenerated(secret, principal.Id, "test", readOnly, level, Clock.GetCurrentInstant());
        var outcome = await Store.ApplyAsync(StoreBatch.Of(new PutCredential(credential)));
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        return new Person(principal, credential, secret);
    }

    /// <summary>A client that signs in as a person.</summary>
    public DavClient Client(Person person) =>
        new(Address, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{person.Principal.Login}:{person.Secret}")), person.Principal.Id);

    /// <summary>A client without a login.</summary>
    public DavClient Anonymous() => new(Address, null, "");

    /// <summary>Damages the stored bytes of an object behind the store's back.</summary>
    public async Task DamageAsync(string objectName)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "calendar.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE bodies SET bytes = CAST('damaged' AS BLOB) WHERE id = (SELECT id FROM objects WHERE name = $name)";
        command.Parameters.AddWithValue("$name", objectName);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    /// <summary>Damages the records of a kind and owner behind the store's back.</summary>
    public async Task DamageRecordsAsync(string kind, string owner, string id = "%")
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "calendar.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE records SET document = CAST('damaged' AS BLOB) WHERE kind = $kind AND owner = $owner AND id LIKE $id";
        command.Parameters.AddWithValue("$kind", kind);
        command.Parameters.AddWithValue("$owner", owner);
        command.Parameters.AddWithValue("$id", id);
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
    }

    /// <summary>The files of its store, as they are on disk.</summary>
    public IReadOnlyList<string> StoredFiles => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

    /// <summary>The lines that the server logs from now on: warnings and errors, or from another level on.</summary>
    public IReadOnlyCollection<string> KeepLog(LogLevel least = LogLevel.Warning)
    {
        var log = new KeptLog(least);
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        return log.Lines;
    }

    /// <summary>What the server answers from.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>What a signal does: the server is asked to stop, and has not stopped yet.</summary>
    public void AskToStop() => _app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

    public async ValueTask DisposeAsync()
    {
        await StopAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Directory.Delete(_folder, true);
    }

    private async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
    }

    private static CreateCollection Collection(Principal principal, string name, int kind, Instant now, params string[] components) =>
        new(new Collection(0, principal.Id, name, kind, components, "", 0, now, PropertyBag.Empty));
}

/// <summary>A person with one of their app passwords.</summary>
internal sealed record Person(Principal Principal, Credential Credential, string Secret);
