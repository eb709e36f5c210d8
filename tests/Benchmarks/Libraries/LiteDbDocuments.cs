using LiteDB;

namespace Benchmarks.Libraries;

/// <summary>Documents in LiteDB, as its manual has them used: one instance for all threads.</summary>
internal sealed class LiteDbDocuments : IDocuments
{
    private readonly LiteDatabase _database;
    private readonly ILiteCollection<BsonDocument> _documents;

    public LiteDbDocuments(string folder)
    {
        _database = new LiteDatabase(Path.Combine(folder, "lite.db"));
        _documents = _database.GetCollection("documents");
    }

    public Task WriteAsync(int number, string text)
    {
        _documents.Upsert(new BsonDocument { ["_id"] = number, ["text"] = text });
        return Task.CompletedTask;
    }

    public Task<string?> ReadAsync(int number) => Task.FromResult(_documents.FindById(number)?["text"].AsString);

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}
