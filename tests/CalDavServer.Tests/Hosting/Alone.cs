using Xunit;

namespace CalDavServer.Tests.Hosting;

/// <summary>Tests that measure the whole process: they run after all others, one by one.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
