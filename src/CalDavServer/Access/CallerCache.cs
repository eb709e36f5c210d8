using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CalDavServer.Access;

/// <summary>
/// Callers by the Authorization header that proved them, so that a request costs one hash and one lookup. Keys are a keyed hash: no
/// password is in memory.
/// Only successes are kept, and each must be compared with the store again when it is older than <see cref="FreshMilliseconds"/>.
/// </summary>
internal sealed class CallerCache
{
    /// <summary>How long a caller is taken without asking the store: a revoked app password opens nothing after that.</summary>
    public const int FreshMilliseconds = 250;

    private const int MaxCallers = 50_000;
    private const int KeyBytes = 32;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyBytes);
    private readonly ConcurrentDictionary<UInt128, KnownCaller> _callers = new();

    /// <summary>Finds the caller whom a header proved, fresh or not.</summary>
    public bool TryFind(string header, [NotNullWhen(true)] out KnownCaller? known) => _callers.TryGetValue(KeyOf(header), out known);

    /// <summary>Keeps a caller, compared with the store just now.</summary>
    public void Keep(string header, Caller caller)
    {
        if (_callers.Count >= MaxCallers) _callers.Clear();
        _callers[KeyOf(header)] = new KnownCaller(caller);
    }

    /// <summary>Forgets a caller.</summary>
    public void Forget(string header) => _callers.TryRemove(KeyOf(header), out _);

    private UInt128 KeyOf(string header)
    {
        var text = MemoryMarshal.AsBytes(header.AsSpan());
        var length = KeyBytes + text.Length;
        Span<byte> keyed = length <= 1024 ? stackalloc byte[length] : new byte[length];
        _key.CopyTo(keyed);
        text.CopyTo(keyed[KeyBytes..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(keyed, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}

/// <summary>A caller and when it was last compared with the store.</summary>
internal sealed class KnownCaller(Caller caller)
{
    // monotonic: a clock that is set back must not keep a revoked password alive
    private readonly long _comparedAt = Environment.TickCount64;

    public Caller Caller { get; } = caller;

    public bool IsFresh => Environment.TickCount64 - _comparedAt < CallerCache.FreshMilliseconds;
}
