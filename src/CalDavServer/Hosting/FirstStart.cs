using System.Globalization;
using CalDavServer.Access;
using CalDavServer.Storage;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Demo;
using Practice.Devices;

namespace CalDavServer.Hosting;

/// <summary>
/// What happens once, when there is nobody in the data folder: a demonstration practice group is made, and how to use it is printed.
/// </summary>
internal static class FirstStart
{
    /// <summary>Whether the store has nobody in it.</summary>
    public static async Task<bool> IsDueAsync(ICalendarStore store, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await snapshot.ListPrincipalsAsync()).Count == 0;
    }

    /// <summary>Makes the practice group with a password for the pages and an app password for each person in it, and prints what a person needs.</summary>
    public static async Task RunAsync(ICalendarStore store, IClock clock, Uri address, TextWriter output)
    {
        var people = await CreateDemoAsync(store, clock);
        var practitioner = people.First(person => person.Principal.Role == PrincipalRole.Practitioner);
        await output.WriteLineAsync(
            $"""
            A demonstration practice group was made. This is printed once: keep the passwords.

            Pages: open {address} in a browser and sign in with a login and its page password.
            Calendar apps take the login and the password below it.
            Account URL: {address}
            """);
        foreach (var (principal, password, pagePassword) in people)
        {
            await output.WriteLineAsync(
                $"""

                {principal.DisplayName} ({principal.Role.ToString().ToLowerInvariant()})
                  login     {principal.Login}
                  password  {password}
                  page password  {pagePassword}
                """);
        }

        await output.WriteLineAsync(Instructions(address, practitioner.Principal, practitioner.Password, clock.GetCurrentInstant()));
    }

    private static async Task<IReadOnlyList<(Principal Principal, string Password, string PagePassword)>> CreateDemoAsync(ICalendarStore store, IClock clock)
    {
        var people = new List<(Principal, string, string)>();
        foreach (var person in await DemoPractice.CreateAsync(store, clock))
        {
            var (secret, now) = (AppPassword.Generate(), clock.GetCurrentInstant());
            var credential = AppPassword.ForGenerated(
                secret, person.Id, "Demonstration", readOnly: false, PrivacyLevel.Initials, now);
            var pagePassword = AppPassword.Generate()[..14];
            var account = Accounts.Create(pagePassword, now);
            await StoreChange.ApplyAsync(store, [.. NewAppPassword.Steps(person, credential, now, AuditActor.Server), account.Put(person.Id)]);
            people.Add((person, secret, pagePassword));
        }

        return people;
    }

    private static string Instructions(Uri address, Principal person, string password, Instant now)
    {
        var home = new Uri(address, $"dav/calendars/{person.Id}/");
        var user = $"{person.Login}:{password}";
        return $$"""

            List the calendars:
              curl -u '{{user}}' -X PROPFIND -H 'Depth: 1' {{home}}

            List the appointments of the next seven days:
              curl -u '{{user}}' -X REPORT -H 'Depth: 1' -H 'Content-Type: application/xml' --data '{{Query(now)}}' {{home}}hx/

            Thunderbird: Calendar > New Calendar… > On the Network > Next > Username: {{person.Login}}, Location: {{address}} >
              Find Calendars > the password > tick the calendars > Subscribe.
            Apple Calendar: Calendar > Settings… > Accounts > + > Other CalDAV Account… > Account Type: Advanced >
              User Name: {{person.Login}}, Password: the password, Server Address: {{address.Host}}, Server Path: /,
              Port: {{address.Port}}, Use SSL: {{(address.Scheme == "https" ? "on" : "off")}} > Sign In.

            """;
    }

    // on one line, as it is typed
    private static string Query(Instant now) =>
        "<C:calendar-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><D:getetag/><C:calendar-data/></D:prop>"
        + "<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">"
        + $"<C:time-range start=\"{Utc(now)}\" end=\"{Utc(now + Duration.FromDays(7))}\"/>"
        + "</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>";

    private static string Utc(Instant instant) => instant.ToString("uuuuMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
