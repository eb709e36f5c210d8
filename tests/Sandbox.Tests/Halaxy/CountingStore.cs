using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using Calendaring.Store;

namespace Sandbox.Tests.Halaxy;

/// <summary>A store that counts what is asked of it, and of how many objects the bytes are looked at.</summary>
internal sealed class CountingStore(ICalendarStore inner) : ICalendarStore
{
    /// <summary>What counts the rows and changes that were listed.</summary>
    public const string Listed = "listed";

    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

    /// <summary>The names of the objects that were parsed.</summary>
    public ConcurrentDictionary<string, bool> Parsed { get; } = new(StringComparer.Ordinal);

    /// <summary>How often something was asked, in words such as <c>ListRecords halaxy-item</c>.</summary>
    public int CountOf(string call) => _calls.GetValueOrDefault(call);

    /// <summary>All that was asked.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    public void Clear()
    {
        _calls.Clear();
        Parsed.Clear();
    }

    public async ValueTask<IStoreSnapshot> OpenSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var counting = DispatchProxy.Create<IStoreSnapshot, Counting>();
        ((Counting)counting).Set(await inner.OpenSnapshotAsync(cancellationToken), this);
        return counting;
    }

    public ValueTask<BatchOutcome> ApplyAsync(StoreBatch batch, CancellationToken cancellationToken = default) => inner.ApplyAsync(batch, cancellationToken);

    public void NoteUse(CredentialUse use) => inner.NoteUse(use);

    public CredentialUse? FindNotedUse(string principalId, string credentialId) => inner.FindNotedUse(principalId, credentialId);

    public IDisposable Subscribe(Action<ChangeNotice> listener) => inner.Subscribe(listener);

    // whoever made the store it counts closes it
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "A proxy is made of it.")]
    internal class Counting : DispatchProxy
    {
        private IStoreSnapshot _snapshot = null!;
        private CountingStore _store = null!;

        public void Set(IStoreSnapshot snapshot, CountingStore store) => (_snapshot, _store) = (snapshot, store);

        [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "It is awaited once, by whoever asked.")]
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var name = targetMethod!.Name.Replace("Async", "", StringComparison.Ordinal);
            _store._calls.AddOrUpdate(name.Contains("Record", StringComparison.Ordinal) ? $"{name} {args![0]}" : name, 1, static (_, before) => before + 1);
            var answer = targetMethod.Invoke(_snapshot, BindingFlags.DoNotWrapExceptions, null, args, null);
            if (answer is IAsyncEnumerable<StoredObject> list) return list.Select(Watch);
            if (answer is IAsyncEnumerable<ObjectRow> rows) return rows.Select(Count);
            if (answer is IAsyncEnumerable<ChangeEntry> changes) return changes.Select(Count);
            return targetMethod.Name == nameof(IStoreSnapshot.FindObjectAsync) ? WatchAsync(answer!) : answer;
        }

        private T Count<T>(T listed)
        {
            _store._calls.AddOrUpdate(Listed, 1, static (_, before) => before + 1);
            return listed;
        }

        private async ValueTask<StoredObject?> WatchAsync(object answer) => await (ValueTask<StoredObject?>)answer is { } found ? Watch(found) : null;

        private StoredObject Watch(StoredObject found) => found with { Bytes = new Watched(found.Bytes, () => _store.Parsed[found.Row.Name] = true).Memory };
    }

    private sealed class Watched(ReadOnlyMemory<byte> bytes, Action looks) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(bytes.Length);

        public override Span<byte> GetSpan()
        {
            looks();
            return MemoryMarshal.AsMemory(bytes).Span;
        }

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            looks();
            return bytes[elementIndex..].Pin();
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
