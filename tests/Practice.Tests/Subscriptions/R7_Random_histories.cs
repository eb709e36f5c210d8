using Calendaring.Store;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Practice.Tests.Subscriptions;

/// <summary>R7 and R8 over histories that nobody thought of.</summary>
public sealed class R7_Random_histories : PracticeFixture
{
    private static readonly string[] Zones = ["Australia/Melbourne", "Australia/Lord_Howe", "America/Havana", "Pacific/Kiritimati", "Europe/London", "UTC"];

    private int _histories;

    /// <summary>Buying, cancelling, buying again, credits, bands, time in jumps, renewals that run or do not, two at a time, crashes.</summary>
    [Fact]
    public void R7_The_balance_is_never_negative_no_day_is_paid_for_twice_and_access_is_there_exactly_when_paid() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => RunAsync(seed).GetAwaiter().GetResult()));

    private async Task<bool> RunAsync(int seed)
    {
        var random = new Random(seed);
        var number = ++_histories;
        var practice = await Directory.CreatePracticeAsync($"Practice {number}", Zones[random.Next(Zones.Length)], billing: true);
        var practitioners = new List<Principal>();
        foreach (var name in new[] { "ada", "bo", "cy" })
            practitioners.Add(await Directory.CreatePersonAsync($"{name}{number}", name, null, PrincipalRole.Practitioner, practice.Id));
        var administrator = await Directory.CreatePersonAsync($"admin{number}", "Admin", null, PrincipalRole.Administrator, practice.Id);
        Clock.Now = Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromMinutes(random.Next(365 * 24 * 60));
        var history = new History(Store, Clock, practice, practitioners, administrator, random);
        for (var step = 0; step < 40; step++) await history.StepAsync();
        return true;
    }
}
