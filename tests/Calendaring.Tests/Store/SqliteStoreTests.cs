using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;

namespace Calendaring.Tests.Store;

/// <summary>The contract on SQLite, and what is SQLite's alone.</summary>
public sealed partial class SqliteStoreTests : StoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-");

    private string FilePath => Path.Combine(_folder.FullName, "calendar.db");

    protected override async Task<ICalendarStore> OpenAsync() =>
        await SqliteStore.OpenAsync(FilePath, Clock, new SqliteStoreOptions { TombstoneLifetime = Duration.FromDays(10) });

    protected override Task DoHousekeepingAsync(ICalendarStore store) => ((SqliteStore)store).DoHousekeepingAsync();

    protected override async Task<IReadOnlyList<string>> FaultsAsync(ICalendarStore store) => await ((SqliteStore)store).CheckAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
