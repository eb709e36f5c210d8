using System.Diagnostics;
using System.Net;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.Hx;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The people of a practice group, as an administrator looks after them.</summary>
public sealed class PeopleTests : PageTest
{
    private const string New = "three blue herons";
    private readonly MailStandIn _mail = new();

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    [Fact]
    public async Task R9_who_is_invited_as_practitioner_sets_a_password_at_the_link_and_has_a_calendar()
    {
        using var ruth = await SignedInAsync("ruth");
        var page = await InviteAsync(ruth, "Ana Sørensen", "Ana@riverbend.example", "Practitioner");
        Assert.Contains("An invitation is on its way to Ana@riverbend.example.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Invited", page.Text, StringComparison.Ordinal);
        var email = await _mail.NextAsync();
        Assert.DoesNotContain(email.Link.AbsolutePath, page.Text, StringComparison.Ordinal);

        using var ana = new PageClient(Server);
        var link = email.Link.PathAndQuery;
        Assert.Contains("Welcome, Ana S", (await ana.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await ana.PostAsync(link, ("password", New), ("again", New))).Path);
        await ana.SignInAsync("ana@riverbend.example", New);
        Assert.Equal(HttpStatusCode.Gone, (await ana.GetAsync(link)).Status);
        Assert.NotNull(await HxOfAsync("ana@riverbend.example"));
        Assert.Superset(new HashSet<AuditAction> { AuditAction.Invited, AuditAction.InvitationAccepted, AuditAction.SignedIn }, (await AuditAsync()).ToHashSet());
    }

    [Fact]
    public async Task R9_who_is_invited_as_administrator_has_no_calendar_and_looks_after_people()
    {
        using var ruth = await SignedInAsync("ruth");
        await InviteAsync(ruth, "Lee", "lee@riverbend.example", "Administrator");
        // the administrators are told at the same time
        var emails = new[] { await _mail.NextAsync(), await _mail.NextAsync() };
        var link = emails.Single(email => email.To == "lee@riverbend.example").Link.PathAndQuery;
        using var lee = new PageClient(Server);
        await lee.PostAsync(link, ("password", New), ("again", New));
        await lee.SignInAsync("lee@riverbend.example", New);
        Assert.Equal(HttpStatusCode.OK, (await lee.GetAsync("/settings/people")).Status);
        Assert.Null(await HxOfAsync("lee@riverbend.example"));
    }

    [Theory]
    [InlineData("/settings/people")]
    [InlineData("/settings/people/invite")]
    public async Task R9_a_practitioner_does_not_look_after_people(string path)
    {
        using var maya = await SignedInAsync("maya");
        Assert.Equal(HttpStatusCode.Forbidden, (await maya.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await maya.GetAsync($"/settings/people/{Tom.Id}")).Status);
    }

    [Theory]
    [InlineData("", "x@riverbend.example", "Practitioner", "Type the name.")]
    [InlineData("Lee", "not an address", "Practitioner", "The e-mail address is not complete.")]
    [InlineData("Lee", "", "Practitioner", "Type the e-mail address")]
    [InlineData("Lee", "x@riverbend.example", "User", "Choose a role.")]
    [InlineData("Lee", "x@riverbend.example", "7", "Choose a role.")]
    public async Task An_invitation_that_is_not_right_is_refused_with_a_sentence_and_what_was_typed_stays(string name, string email, string role, string sentence)
    {
        using var ruth = await SignedInAsync("ruth");
        var page = await InviteAsync(ruth, name, email, role);
        Assert.Contains(sentence, page.Text, StringComparison.Ordinal);
        if (email.Length > 0) Assert.Contains($"value=\"{email}\"", page.Text, StringComparison.Ordinal);
        Assert.Equal(0, _mail.Emails);
    }

    [Fact]
    public async Task A_login_that_is_taken_is_said()
    {
        using var ruth = await SignedInAsync("ruth");
        var page = await ruth.PostAsync("/settings/people/invite", ("name", "Another"), ("email", "x@riverbend.example"), ("login", "Maya"), ("role", "Practitioner"));
        Assert.Contains("is taken", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_invitation_ends_the_one_before_and_who_has_a_password_gets_none()
    {
        using var ruth = await SignedInAsync("ruth");
        var page = await InviteAsync(ruth, "Lee", "lee@riverbend.example", "Practitioner");
        var first = (await _mail.NextAsync()).Link.PathAndQuery;
        await ruth.PostAsync($"{page.Path}?handler=Invite");
        var second = (await _mail.NextAsync()).Link.PathAndQuery;
        using var lee = new PageClient(Server);
        Assert.Equal(HttpStatusCode.Gone, (await lee.GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await lee.GetAsync(second)).Status);
        Assert.Contains("needs no invitation", (await ruth.ForgeAsync($"/settings/people/{Maya.Id}?handler=Invite")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_access_is_taken_away_is_out_of_pages_and_devices_within_a_second_and_nothing_is_lost()
    {
        var device = await Server.AddPasswordAsync(Maya);
        using var client = Server.Client(device);
        Assert.Equal(207, (int)(await client.PropFindAsync($"/dav/principals/{Maya.Id}/", "0")).Status);
        using var maya = await SignedInAsync("maya");
        using var ruth = await SignedInAsync("ruth");

        var page = await ruth.PostAsync($"/settings/people/{Maya.Id}?handler=Deactivate");
        Assert.Contains("Maya Lindqvist no longer has access.", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await maya.GetAsync("/settings")).Path, StringComparison.Ordinal);
        var since = Stopwatch.StartNew();
        var sent = since.Elapsed;
        while ((int)(await client.PropFindAsync($"/dav/principals/{Maya.Id}/", "0")).Status != 401)
        {
            Assert.True(sent < TimeSpan.FromSeconds(1), "the device still gets in");
            sent = since.Elapsed;
        }

        Assert.Contains("not right", (await maya.PostAsync("/sign-in", ("login", "maya"), ("password", Password))).Text, StringComparison.Ordinal);
        Assert.NotNull(await HxOfAsync("maya"));

        await ruth.PostAsync($"/settings/people/{Maya.Id}?handler=Reactivate");
        await maya.SignInAsync("maya", Password);
        Assert.Equal(207, (int)(await client.PropFindAsync($"/dav/principals/{Maya.Id}/", "0")).Status);
        Assert.Superset(new HashSet<AuditAction> { AuditAction.Deactivated, AuditAction.Reactivated }, (await AuditAsync()).ToHashSet());
    }

    [Fact]
    public async Task A_sign_in_that_is_under_way_when_access_is_taken_away_does_not_come_to_its_end()
    {
        (Account Account, long Version) found;
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) found = (await Account.FindAsync(snapshot, Maya.Id))!.Value;
        await new PracticePeople(Server.Store, Server.Clock).DeactivateAsync(Practice.Id, AuditActor.OnPages(Ruth, "session"), Maya.Id);
        var late = StoreBatch.Of(found.Account.Put(Maya.Id, found.Version));
        Assert.Equal(StoreFailureKind.Precondition, (await Server.Store.ApplyAsync(late, TestContext.Current.CancellationToken)).Failure?.Kind);
    }

    [Fact]
    public async Task No_one_takes_away_their_own_access()
    {
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains("your own access", (await ruth.ForgeAsync($"/settings/people/{Ruth.Id}?handler=Deactivate")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ruth.GetAsync("/settings/people")).Status);
    }

    [Fact]
    public async Task Two_administrators_who_take_each_others_access_away_at_once_leave_one()
    {
        var people = new PracticePeople(Server.Store, Server.Clock);
        var (lee, _) = await people.InviteAsync(Practice.Id, AuditActor.OnPages(Ruth, "session"), "lee", "Lee", null, PrincipalRole.Administrator);
        var both = await Task.WhenAll(TryAsync(Ruth, lee.Id), TryAsync(lee, Ruth.Id));
        Assert.Single(both, done => done);

        Task<bool> TryAsync(Principal by, string whom) => Task.Run(async () =>
        {
            try
            {
                await people.DeactivateAsync(Practice.Id, AuditActor.OnPages(by, "session"), whom);
                return true;
            }
            catch (PracticeDirectoryException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Nobody_of_another_practice_group_is_there()
    {
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        var other = await directory.CreatePracticeAsync("Elsewhere", "Europe/Vienna");
        var olga = await directory.CreatePersonAsync("olga", "Olga", null, PrincipalRole.Practitioner, other.Id);
        using var ruth = await SignedInAsync("ruth");
        Assert.DoesNotContain("Olga", (await ruth.GetAsync("/settings/people")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ruth.GetAsync($"/settings/people/{olga.Id}")).Status);
        var page = await ruth.GetAsync("/settings/people/invite");
        foreach (var handler in new[] { "Deactivate", "Reactivate", "Invite", "RemoveSecondFactor" })
            Assert.Equal(HttpStatusCode.NotFound, (await ruth.ForgeAsync($"/settings/people/{olga.Id}?handler={handler}", page)).Status);
    }

    [Fact]
    public async Task Without_a_mail_server_the_link_is_shown_once_to_pass_on()
    {
        await using var silent = await TestServer.StartAsync();
        var directory = new PracticeDirectory(silent.Store, silent.Clock);
        var practice = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        var ruth = await directory.CreatePersonAsync("ruth", "Ruth", null, PrincipalRole.Administrator, practice.Id);
        await PageClient.GivePasswordAsync(silent, ruth.Id, Password);
        using var browser = new PageClient(silent);
        await browser.SignInAsync("ruth", Password);
        var page = await InviteAsync(browser, "Lee", "lee@riverbend.example", "Practitioner");
        var link = new Uri(MailStandIn.LinkIn().Match(page.Text[page.Text.IndexOf("The link for Lee", StringComparison.Ordinal)..]).Value.Split('<')[0]);
        Assert.DoesNotContain("The link for Lee", (await browser.GetAsync(page.Path)).Text, StringComparison.Ordinal);
        using var lee = new PageClient(silent);
        Assert.Equal("/sign-in", (await lee.PostAsync(link.PathAndQuery, ("password", New), ("again", New))).Path);
        // nobody has proved the address: it does not sign in
        Assert.Contains("not right", (await lee.PostAsync("/sign-in", ("login", "lee@riverbend.example"), ("password", New))).Text, StringComparison.Ordinal);
        using var snapshot = await silent.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        await lee.SignInAsync((await snapshot.ListPrincipalsAsync(practice.Id)).Single(person => person.DisplayName == "Lee").Login, New);
        Assert.Contains("lee@riverbend.example <span class=\"badge\">Not confirmed</span>", (await lee.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private static Task<PageAnswer> InviteAsync(PageClient browser, string name, string email, string role) =>
        browser.PostAsync("/settings/people/invite", ("name", name), ("email", email), ("login", ""), ("role", role));

    private async Task<Collection?> HxOfAsync(string login)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var person = await SignInName.FindAsync(snapshot, login);
        return await snapshot.FindCollectionAsync(person!.Id, HxCalendar.CollectionName);
    }
}
