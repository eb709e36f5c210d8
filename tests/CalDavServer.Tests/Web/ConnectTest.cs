using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the tests of Add Calendar Synchronisation have in common: its form, and the device that comes of it.</summary>
public abstract class ConnectTest : PageTest
{
    private protected const string AddApp = DeviceForm.Path;

    private protected static async Task<PageAnswer> AddAsync(PageClient browser, params (string Name, string Value)[] fields) =>
        await browser.PostAsync(AddApp, Fields(await FormOfAsync(browser), fields));

    private protected static (string Name, string Value)[] Fields(string form, params (string Name, string Value)[] fields) =>
    [
        .. new (string Name, string Value)[] { ("form", form), ("label", "Test device"), ("existing", "false"), ("level", "FullName") }
            .Where(usual => fields.All(field => field.Name != usual.Name)),
        .. fields,
    ];

    private protected static async Task<string> FormOfAsync(PageClient browser) => DeviceForm.IdOn(await browser.GetAsync(AddApp));

    private protected async Task<Principal> AddSoloAsync(bool bought)
    {
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        var practice = await directory.CreatePracticeAsync("Solo", "Australia/Melbourne", billing: true);
        var sol = await directory.CreatePersonAsync("sol", "Sol Adeyemi", null, PrincipalRole.Practitioner, practice.Id);
        await PageClient.GivePasswordAsync(Server, sol.Id, Password);
        if (bought) await new Billing(Server.Store, Server.Clock).BuyAsync(sol.Id, sol, AuditActor.OnPages(sol, "session"));
        return sol;
    }

    private protected LocalDateTime Tomorrow => Server.Clock.GetCurrentInstant().InZone(Practice.Zone()).Date.PlusDays(1) + new LocalTime(10, 0);

    private protected PersonalEntry Entry(string title, int hours = 0) => new(title, Tomorrow.PlusHours(hours), Duration.FromMinutes(30));

    private protected Diary DiaryOf(Principal practitioner) => new(Server.Store, Server.Clock, practitioner.Id, new AuditActor(practitioner.DisplayName, ActorVia.Web, null, "session"));

    private protected DavClient DeviceOf(PageAnswer page, Principal? person = null)
    {
        var credentials = $"{TextOf(page, "login")}:{TextOf(page, "password")}";
        return new DavClient(Server.Address, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), (person ?? Maya).Id);
    }

    private protected async Task<IReadOnlyList<Credential>> DevicesOfAsync(Principal person)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync();
        return await snapshot.ListCredentialsAsync(person.Id);
    }

    private protected static string TextOf(PageAnswer page, string id)
    {
        var match = Regex.Match(page.Text, $"<code id=\"{id}\">([^<]*)</code>");
        Assert.True(match.Success, $"There is no {id} on {page.Path}.");
        return WebUtility.HtmlDecode(match.Groups[1].Value);
    }
}
