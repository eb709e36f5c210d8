using System.Globalization;
using System.Text;
using NodaTime;
using Practice.People;
using Xunit;

namespace Practice.Tests;

public sealed class TotpTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_RFC_6238_appendix_B(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeOf(Key, Totp.StepOf(Instant.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void A_code_is_taken_one_step_early_or_late_and_no_more()
    {
        var now = Instant.FromUnixTimeSeconds(1111111111);
        var step = Totp.StepOf(now);
        foreach (var away in new[] { -2, -1, 0, 1, 2 })
            Assert.Equal(Math.Abs(away) <= 1 ? step + away : null, Totp.FindStep(Key, Totp.CodeOf(Key, step + away), now, 0));
    }

    [Fact]
    public void A_code_is_not_taken_again_and_neither_is_one_before_it()
    {
        var now = Instant.FromUnixTimeSeconds(1111111111);
        var step = Totp.StepOf(now);
        var factor = new SecondFactor("", now, 0, []);
        var after = factor.Take(Key, Totp.CodeOf(Key, step), now);
        Assert.Equal(step, after!.LastStep);
        Assert.Null(after.Take(Key, Totp.CodeOf(Key, step), now));
        Assert.Null(after.Take(Key, Totp.CodeOf(Key, step - 1), now));
        Assert.NotNull(after.Take(Key, Totp.CodeOf(Key, step + 1), now));
    }

    [Theory]
    [InlineData("050 471", true)]
    [InlineData("050-471", true)]
    [InlineData("05047", false)]
    [InlineData("0504711", false)]
    [InlineData("x050471", false)]
    [InlineData("٠٥٠٤٧١", false)]
    [InlineData("", false)]
    public void A_code_may_be_typed_in_groups(string typed, bool taken) =>
        Assert.Equal(taken, Totp.FindStep(Key, typed, Instant.FromUnixTimeSeconds(1111111111), 0) is not null);

    [Fact]
    public void A_recovery_code_is_taken_once_in_any_case_and_also_when_the_key_is_lost()
    {
        var codes = SecondFactor.NewRecoveryCodes();
        Assert.Equal(8, codes.Distinct().Count());
        var now = Instant.FromUnixTimeSeconds(1111111111);
        var factor = new SecondFactor("", now, 0, [.. codes.Select(Secret.HashOf)]);
        var after = factor.Take([], codes[3].ToUpper(CultureInfo.InvariantCulture).Replace("-", " ", StringComparison.Ordinal), now);
        Assert.Equal(7, after!.RecoveryHashes.Count);
        Assert.Null(after.Take([], codes[3], now));
        // of an empty key, as HMAC fills it up with zeros
        Assert.Null(after.Take([], Totp.CodeOf([0], Totp.StepOf(now)), now));
    }

    [Fact]
    public void The_key_is_told_in_base32()
    {
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Totp.KeyText(Key));
        Assert.Equal("MY", Totp.KeyText("f"u8));
        Assert.Equal("otpauth://totp/CalendarSync:maya%40x.example?secret=MY&issuer=CalendarSync", Totp.Address("f"u8, "maya@x.example"));
    }
}
