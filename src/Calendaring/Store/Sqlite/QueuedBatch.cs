namespace Calendaring.Store.Sqlite;

/// <summary>A batch on its way to the writer, and the task of who waits for it.</summary>
internal sealed class QueuedBatch(StoreBatch batch) : TaskCompletionSource<BatchOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public StoreBatch Batch { get; } = batch;

    /// <summary>Bytes it brings.</summary>
    public long Size { get; } = SizeOf(batch);

    private static long SizeOf(StoreBatch batch)
    {
        var size = 0L;
        for (var i = 0; i < batch.Operations.Count; i++)
        {
            size += batch.Operations[i] switch
            {
                PutObject put => put.Bytes.Length + (put.Details?.Document.Length ?? 0),
                SetProperties set => set.Properties.Values.Sum(element => (long)(element?.Length ?? 0)),
                PutRecord put => put.Document.Length,
                AppendLine append => append.Document.Length,
                _ => 0,
            };
        }
        return size;
    }
}
