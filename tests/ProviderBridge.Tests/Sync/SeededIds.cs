namespace ProviderBridge.Tests.Sync;

/// <summary>The ids of a history's new appointments: a seed is always the same history, whatever is sorted by them.</summary>
internal static class SeededIds
{
    public static Func<Guid> Of(Random random) => () =>
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    };
}
