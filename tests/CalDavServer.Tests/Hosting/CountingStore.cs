using System.Collections.Concurrent;
using System.Reflection;
using Calendaring.Store;

namespace CalDavServer.Tests.Hosting;

/// <summary>A store that counts what is asked of each of its snapshots.</summary>
public class CountingStore : DispatchProxy
{
    private ICalendarStore _inner = null!;
    private int _snapshots;

    /// <summary>How often each question was asked of each snapshot.</summary>
    public ConcurrentDictionary<string, int> Questions { get; } = [];

    public static (ICalendarStore Store, ConcurrentDictionary<string, int> Questions) Around(ICalendarStore inner)
    {
        var store = Create<ICalendarStore, CountingStore>();
        var counting = (CountingStore)(object)store;
        counting._inner = inner;
        return (store, counting.Questions);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(_inner, args);
        return targetMethod.Name == nameof(ICalendarStore.OpenSnapshotAsync) ? new ValueTask<IStoreSnapshot>(CountAsync(answer!)) : answer;
    }

    private async Task<IStoreSnapshot> CountAsync(object opening)
    {
        var snapshot = Create<IStoreSnapshot, CountedSnapshot>();
        var counted = (CountedSnapshot)(object)snapshot;
        (counted.Inner, counted.Number, counted.Questions) = (await (ValueTask<IStoreSnapshot>)opening, Interlocked.Increment(ref _snapshots), Questions);
        return snapshot;
    }

    public class CountedSnapshot : DispatchProxy
    {
        public IStoreSnapshot Inner { get; set; } = null!;

        public int Number { get; set; }

        public ConcurrentDictionary<string, int> Questions { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name.EndsWith("Async", StringComparison.Ordinal)) Questions.AddOrUpdate($"{Number}: {targetMethod.Name}({string.Join(", ", args ?? [])})", 1, static (_, count) => count + 1);
            return targetMethod.Invoke(Inner, args);
        }
    }
}
