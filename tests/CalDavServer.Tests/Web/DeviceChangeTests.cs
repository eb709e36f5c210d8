using System.Net;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Devices;
using Calendaring.Store;
using Microsoft.Extensions.DependencyInjection;
using Practice;
using Practice.Audit;
using Practice.People;
using Xunit;
using SignedIn = CalDavServer.Web.SignIn.Person;

namespace CalDavServer.Tests.Web;

/// <summary>Two who change one device at the same time, and what the audit log says of it.</summary>
public sealed class DeviceChangeTests : PageTest
{
    private OwnDevices Devices => Server.Services.GetRequiredService<OwnDevices>();

    private SignedIn Me => new(Maya, Practice, "session", new SessionBrowser("browser", Server.Clock.GetCurrentInstant(), default));

    [Fact]
    public async Task A_new_name_does_not_bring_back_the_password_that_was_replaced_meanwhile()
    {
        var phone = (await Server.AddPasswordAsync(Maya)).Credential;
        var passwords = new NewPasswords(Devices, Server.Clock);
        var meanwhile = 0;
        Assert.True(await Devices.ChangeAsync(Me, phone.Id, device =>
        {
            if (meanwhile++ == 0) Assert.True(passwords.ReplaceAsync(Me, phone).GetAwaiter().GetResult());
            return device with { Label = "tablet", LevelName = nameof(PrivacyLevel.Busy) };
        }));
        var now = await Devices.FindAsync(Maya.Id, phone.Id);
        Assert.Equal(("tablet", nameof(PrivacyLevel.Busy)), (now!.Label, now.LevelName));
        Assert.NotEqual(phone.SecretHash, now.SecretHash);
        Assert.Equal(2, meanwhile);
    }

    [Fact]
    public async Task Of_two_new_passwords_at_the_same_time_one_is_made_and_the_other_is_not_shown()
    {
        var phone = (await Server.AddPasswordAsync(Maya)).Credential;
        var passwords = new NewPasswords(Devices, Server.Clock);
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => passwords.ReplaceAsync(Me, phone))));
        Assert.Single(made, done => done);
        using var client = Server.Client(new Person(Maya, phone, passwords.TakeForPage(Me, phone.Id)!));
        Assert.Equal(207, (await client.PropFindAsync(client.Home, "0", Xml.D + "displayname")).Status);
    }

    [Fact]
    public async Task What_was_revoked_meanwhile_stays_revoked_and_the_person_is_told()
    {
        var phone = (await Server.AddPasswordAsync(Maya)).Credential;
        using var browser = await SignedInAsync("maya");
        var form = await browser.GetAsync($"/settings/sync/devices/{phone.Id}");
        var meanwhile = 0;
        Assert.False(await Devices.ChangeAsync(Me, phone.Id, device =>
        {
            if (meanwhile++ == 0) Assert.True(Devices.RevokeAsync(Me, phone.Id).GetAwaiter().GetResult());
            return device with { Label = "tablet" };
        }));
        Assert.False(await new NewPasswords(Devices, Server.Clock).ReplaceAsync(Me, phone));
        Assert.Empty(await Devices.ListAsync(Maya.Id));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync($"/settings/sync/devices/{phone.Id}", form, ("label", "x"), ("level", "Busy"))).Status);
    }

    [Fact]
    public async Task The_audit_log_names_the_device_and_tells_a_change_of_what_it_shows_from_others()
    {
        using var browser = await SignedInAsync("maya");
        var phone = (await Server.AddPasswordAsync(Maya)).Credential;
        var path = $"/settings/sync/devices/{phone.Id}";
        await browser.PostAsync(path, ("label", phone.Label), ("level", "Busy"));
        await browser.PostAsync(path, ("label", "tablet"), ("level", "Busy"));
        await browser.PostAsync(path, ("label", "tablet"), ("level", "Busy"));
        await browser.PostAsync($"/settings/integrations/devices/{phone.Id}", $"/settings/integrations/devices/{phone.Id}/password");
        await browser.PostAsync(path, $"{path}/revoke", ("sure", "true"));
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = (await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Practice.Id, 0, 100)).Select(line => line.Entry!).Where(entry => entry.AppPassword is not null).ToList();
        Assert.Equal(
            [AuditAction.AppPasswordLevelChanged, AuditAction.AppPasswordChanged, AuditAction.AppPasswordReplaced, AuditAction.AppPasswordRevoked],
            lines.Select(entry => entry.Action));
        Assert.All(lines, entry => Assert.Equal(phone.Id, entry.AppPassword));
        var log = (await browser.GetAsync("/settings/audit")).Text;
        foreach (var said in new[] { "Privacy level of an app password changed (device test)", "App password changed (device test, now tablet)", "App password revoked (device tablet)" })
            Assert.Contains(said, log, StringComparison.Ordinal);
        Assert.DoesNotContain(phone.Id, log, StringComparison.Ordinal);
    }
}
