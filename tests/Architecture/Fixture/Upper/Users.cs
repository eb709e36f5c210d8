namespace Architecture.Fixture.Upper;

internal sealed class InBase : Lower.Target;

internal sealed class InBody
{
    public static string Name { get; } = "body";

    public static int Use() => Lower.Target.Number();
}

internal sealed class InField
{
    private readonly Lower.Target? _target = Get();

    private static Lower.Target? Get() => null;

    public bool Has => _target is not null;
}

internal static class InSignature
{
    public static void Take(Lower.Target?[] targets) => _ = targets.Length;
}

internal static class InGeneric
{
    public static int Use() => Enumerable.Empty<Lower.Target>().Count();
}

internal static class InLambda
{
    public static Func<int, int> Use() => static number => number + Lower.Target.Number();
}

internal static class InIterator
{
    public static IEnumerable<int> Use()
    {
        yield return Lower.Target.Number();
    }
}

internal static class InAsync
{
    public static async Task<int> Use()
    {
        await Task.Yield();
        return Lower.Target.Number();
    }
}

internal static class InCatch
{
    public static void Use(Action action)
    {
        try
        {
            action();
        }
        catch (Lower.Target)
        {
        }
    }
}

internal static class InTypeOf
{
    public static string Use() => typeof(Lower.Target).Name;
}

[Lower.Mark(typeof(string))]
internal sealed class InAttribute;

internal static class InConstraint
{
    public static void Use<T>(T target)
        where T : Lower.Target => _ = target;
}
