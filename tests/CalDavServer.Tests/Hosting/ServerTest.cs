using Calendaring.Store.Sqlite;
using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>A test class with a server of its own and one practitioner, Alice.</summary>
public abstract class ServerTest : IAsyncLifetime
{
    private protected TestServer Server { get; private set; } = null!;

    private protected Person Alice { get; private set; } = null!;

    private protected DavClient Client { get; private set; } = null!;

    /// <summary>How the store works; null for the defaults.</summary>
    private protected virtual SqliteStoreOptions? StoreOptions => null;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(options: StoreOptions);
        Alice = await Server.AddPersonAsync("alice@example.com");
        Client = Server.Client(Alice);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
