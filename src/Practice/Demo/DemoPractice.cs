using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.Subscriptions;

namespace Practice.Demo;

/// <summary>
/// A demonstration practice group: two practitioners and an administrator in a time zone with DST, and four weeks of believable
/// appointments around today. Maya has bought two-way sync and set it up, Tom has not; there are credits for both. Everybody in it is invented. The same day gives the same appointments.
/// </summary>
public static class DemoPractice
{
    private static readonly (string Login, string Name, PrincipalRole Role)[] People =
    [
        ("maya", "Maya Lindqvist", PrincipalRole.Practitioner),
        ("tom", "Tom Okafor", PrincipalRole.Practitioner),
        ("ruth", "Ruth Calloway", PrincipalRole.Administrator),
    ];

    /// <summary>Makes the practice group.</summary>
    /// <param name="store">Where; without a practice group of this name and people of these logins.</param>
    /// <param name="clock">Today.</param>
    /// <returns>The people: practitioners first.</returns>
    public static async Task<IReadOnlyList<Principal>> CreateAsync(ICalendarStore store, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var directory = new PracticeDirectory(store, clock);
        OpeningHours[] hours =
            [.. Enumerable.Range(1, 5).Select(day => new OpeningHours((IsoDayOfWeek)day, new LocalTime(8, 30), new LocalTime(18, 0)))];
        var practice = await directory.CreatePracticeAsync("Riverbend Allied Health", "Australia/Melbourne", hours, billing: true);
        var today = clock.GetCurrentInstant().InZone(practice.Zone()).Date;
        List<Principal> people = [];
        foreach (var (login, name, role) in People)
            people.Add(await directory.CreatePersonAsync(login, name, $"{login}@riverbend.example", role, practice.Id));
        var billing = new Billing(store, clock);
        await billing.AddCreditsAsync(practice.Id, 100, "Credits of the demonstration");
        await billing.BuyAsync(people[0].Id, people[0], ActorOf(people[0]));
        await billing.SetUpAsync(people[0], ActorOf(people[0]));
        await new DemoDiary(store, clock, people[0], today, 1).FillAsync();
        await new DemoDiary(store, clock, people[1], today, 2).FillAsync();
        return people;
    }

    /// <summary>Somebody of the demonstration in the audit log: it is told as if they had done it in a browser.</summary>
    internal static AuditActor ActorOf(Principal person) => AuditActor.OnPages(person, "demonstration");
}
