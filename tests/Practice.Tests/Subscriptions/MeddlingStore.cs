using System.Reflection;
using Calendaring.Store;

namespace Practice.Tests.Subscriptions;

/// <summary>What befalls a batch.</summary>
public enum Mishap
{
    None,

    /// <summary>Somebody else writes after this one has read.</summary>
    OtherFirst,

    /// <summary>The process ends between read and write.</summary>
    CrashBefore,

    /// <summary>The process ends when the batch is on the disk, and nobody hears of it.</summary>
    CrashAfter,
}

/// <summary>The process has ended, as far as the caller is concerned.</summary>
public sealed class CrashException : Exception;

/// <summary>A store that does to the next batch what is asked of it; everything else goes to the store beneath.</summary>
public class MeddlingStore : DispatchProxy
{
    private ICalendarStore _store = null!;
    private Func<Task> _other = null!;
    private Mishap _next;

    /// <summary>A store over another.</summary>
    /// <param name="store">The store beneath.</param>
    /// <param name="next">What befalls the next batch.</param>
    /// <param name="other">What somebody else does first.</param>
    public static ICalendarStore Over(ICalendarStore store, Mishap next, Func<Task> other)
    {
        var proxy = Create<ICalendarStore, MeddlingStore>();
        var meddling = (MeddlingStore)(object)proxy;
        (meddling._store, meddling._next, meddling._other) = (store, next, other);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name != nameof(ICalendarStore.ApplyAsync)) return targetMethod.Invoke(_store, args);
        ValueTask<BatchOutcome> outcome = new(ApplyAsync((StoreBatch)args![0]!));
        return outcome;
    }

    private async Task<BatchOutcome> ApplyAsync(StoreBatch batch)
    {
        var mishap = _next;
        _next = Mishap.None;
        if (mishap == Mishap.CrashBefore) throw new CrashException();
        if (mishap == Mishap.OtherFirst) await _other();
        var outcome = await _store.ApplyAsync(batch);
        return mishap == Mishap.CrashAfter ? throw new CrashException() : outcome;
    }
}
