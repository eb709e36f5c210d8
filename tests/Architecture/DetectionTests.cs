using Mono.Cecil;
using Xunit;

namespace Architecture;

/// <summary>The tests of layers see every way in which a type can use another, and fail on a circle with a sentence that names two types.</summary>
public sealed class DetectionTests
{
    private static readonly Lazy<IReadOnlyList<Arrow>> Found = new(Read);

    [Theory]
    [InlineData("InBase")]
    [InlineData("InBody")]
    [InlineData("InField")]
    [InlineData("InSignature")]
    [InlineData("InGeneric")]
    [InlineData("InLambda")]
    [InlineData("InIterator")]
    [InlineData("InAsync")]
    [InlineData("InCatch")]
    [InlineData("InTypeOf")]
    [InlineData("InAttribute")]
    [InlineData("InConstraint")]
    public void A_use_is_found(string user) =>
        Assert.Contains(Found.Value, arrow => arrow.User == $"Architecture.Fixture.Upper.{user}" && arrow.To == "Fixture/Lower");

    [Fact]
    public void A_constant_is_found_by_the_directive() =>
        Assert.Contains(new Arrow("Fixture/Upper", "Fixture/Lower", "Fixture/Upper/InDirective.cs", "Architecture.Fixture.Lower"), Found.Value);

    [Fact]
    public void A_circle_is_told_with_the_two_types_that_made_it()
    {
        var circle = Assert.Single(Circles.Of(Found.Value));
        Assert.Equal(
            "Fixture/Lower, Fixture/Upper depend on each other in a circle. What made it is most likely this: Architecture.Fixture.Lower.Back (Fixture/Lower) uses Architecture.Fixture.Upper.InBody (Fixture/Upper).",
            Circles.Sentence(circle, Found.Value));
    }

    [Fact]
    public void A_circle_of_three_is_found_and_a_fork_is_none()
    {
        Arrow[] fork = [Of("A", "B"), Of("A", "C"), Of("B", "D"), Of("C", "D")];
        Assert.Empty(Circles.Of(fork));
        Assert.Equal(["A", "B", "D"], Assert.Single(Circles.Of([.. fork, Of("D", "A")])).Except(["C"]));

        static Arrow Of(string from, string to) => new(from, to, from, to);
    }

    [Fact]
    public void A_page_counts_where_its_file_is() =>
        Assert.Contains(Codebase.Instance.Arrows, arrow => arrow.From == "CalDavServer/Web" && arrow.User.Contains("Web_Pages_", StringComparison.Ordinal));

    private static IReadOnlyList<Arrow> Read()
    {
        var tree = new SourceTree("Fixture", Path.Combine(Codebase.Instance.Root.FullName, "tests", "Architecture", "Fixture"));
        using var module = ModuleDefinition.ReadModule(typeof(DetectionTests).Assembly.Location);
        return [.. new Compiled(module).Arrows(tree, [tree]), .. tree.Directives([tree])];
    }
}
