namespace Benchmarks.Libraries;

/// <summary>Documents by number, each of which says its number: what is asked of both stores.</summary>
internal interface IDocuments : IAsyncDisposable
{
    /// <summary>Writes a document; done when the store says that it is.</summary>
    Task WriteAsync(int number, string text);

    /// <summary>The text of a document; null when it is not there.</summary>
    Task<string?> ReadAsync(int number);
}
