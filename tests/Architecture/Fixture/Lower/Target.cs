namespace Architecture.Fixture.Lower;

/// <summary>What the types in <c>Fixture/Upper</c> use, each in one way.</summary>
internal class Target : Exception
{
    public const int Constant = 3;

    public static int Number() => 1;
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class MarkAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}

/// <summary>What makes a circle of the two folders.</summary>
internal static class Back
{
    public static string Upward() => Upper.InBody.Name;
}
