using Calendaring.Store;
using Practice.People;
using Xunit;

namespace Practice.Tests;

public sealed class PasswordRulesTests
{
    private static readonly Principal Maya = new("m", "maya@riverbend.example", "Maya Lindqvist", "maya.lindqvist@riverbend.example", (int)PrincipalRole.Practitioner, "p");

    [Theory]
    [InlineData("")]
    [InlineData("short one")]
    [InlineData("maya@riverbend.example")]
    [InlineData("Maya.Lindqvist@Riverbend.example")]
    [InlineData("maya.lindqvist")]
    [InlineData("MayaLindqvist")]
    [InlineData("password123")]
    [InlineData("Password1!")]
    [InlineData("qwertyuiop")]
    [InlineData("1234567890")]
    [InlineData("0987654321")]
    [InlineData("abcdefghij")]
    [InlineData("aaaaaaaaaaaaaa")]
    [InlineData("abababababab")]
    public void What_is_short_or_guessed_first_is_refused_with_a_sentence(string password) =>
        Assert.EndsWith(".", PasswordRules.Problem(password, Maya), StringComparison.Ordinal);

    [Theory]
    [InlineData("three blue herons")]
    [InlineData("x7#kfQ!2pz")]
    [InlineData("Grüße aus Wien")]
    public void Others_are_taken(string password) => Assert.Null(PasswordRules.Problem(password, Maya));

    [Fact]
    public void One_without_end_is_refused() => Assert.NotNull(PasswordRules.Problem(string.Concat(Enumerable.Repeat("abcdefgh12", 100)), Maya));
}
