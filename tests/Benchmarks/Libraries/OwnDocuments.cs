using System.Globalization;
using System.Text;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;

namespace Benchmarks.Libraries;

/// <summary>Documents in our store.</summary>
internal sealed class OwnDocuments : IDocuments
{
    private const string Kind = "benchmark";
    private readonly SqliteStore _store;

    private OwnDocuments(SqliteStore store) => _store = store;

    public static async Task<OwnDocuments> OpenAsync(string folder) => new(await SqliteStore.OpenAsync(Path.Combine(folder, "own.db"), SystemClock.Instance));

    public async Task WriteAsync(int number, string text)
    {
        var written = await _store.ApplyAsync(StoreBatch.Of(new PutRecord(Kind, "all", IdOf(number), Encoding.UTF8.GetBytes(text))));
        if (!written.Succeeded) throw new InvalidOperationException("The store did not take it.");
    }

    public async Task<string?> ReadAsync(int number)
    {
        using var snapshot = await _store.OpenSnapshotAsync();
        return await snapshot.FindRecordAsync(Kind, "all", IdOf(number)) is { } record ? Encoding.UTF8.GetString(record.Document.Span) : null;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static string IdOf(int number) => number.ToString(CultureInfo.InvariantCulture);
}
