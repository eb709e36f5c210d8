using System.Net;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Names and e-mail addresses of people: changed by administrators and by themselves, and never such that somebody could not sign in any more.</summary>
public sealed class PersonDetailsTests : PageTest
{
    private readonly MailStandIn _mail = new();
    private readonly ManualClock _clock = new();

    private protected override IClock? Clock => _clock;

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    private string PageOfMaya => $"/settings/people/{Maya.Id}";

    [Fact]
    public async Task R3_a_changed_name_is_in_the_pages_in_the_calendars_name_and_not_in_the_audit_log()
    {
        using var ruth = await SignedInAsync("ruth");
        var page = await EditAsync(ruth, "Maya Ibsen", Maya.Email!);
        Assert.Contains("Saved.", page.Text, StringComparison.Ordinal);
        using var maya = await SignedInAsync("maya");
        Assert.Contains("Maya Ibsen", (await maya.GetAsync("/settings")).Text, StringComparison.Ordinal);
        using var device = Server.Client(await Server.AddPasswordAsync(Maya));
        Assert.Contains("HX_Riverbend (Maya Ibsen)", (await device.PropFindAsync(device.Calendar("hx"), "0", Xml.D + "displayname")).Text, StringComparison.Ordinal);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var line = Assert.Single(await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Practice.Id, 0, 100), line => line.Entry!.Action == AuditAction.PersonChanged);
        Assert.Equal((Ruth.Id, Maya.Id), (line.Entry!.PersonId, line.Entry.About));
        Assert.DoesNotContain("Ibsen", System.Text.Encoding.UTF8.GetString(line.Stored.Document.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_address_opens_instead_of_the_one_before_which_is_told_and_earlier_links_end()
    {
        using var browser = new PageClient(Server);
        await browser.PostAsync("/forgotten", ("login", "maya"));
        var link = (await _mail.NextAsync()).Link.PathAndQuery;
        using var ruth = await SignedInAsync("ruth");
        await EditAsync(ruth, Maya.DisplayName, "m.lindqvist@riverbend.example");
        await ConfirmAsync("m.lindqvist@riverbend.example");
        var email = await _mail.NextAsync();
        Assert.Equal((Maya.Email, true), (email.To, email.Text.Contains("The e-mail address of your CalendarSync account was changed", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
        Assert.Contains("not right", (await browser.PostAsync("/sign-in", ("login", Maya.Email!), ("password", Password))).Text, StringComparison.Ordinal);
        await browser.SignInAsync("m.lindqvist@riverbend.example", Password);
        Assert.Equal("/settings", (await browser.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task A_link_that_is_being_made_when_the_address_changes_is_not_kept()
    {
        var now = Server.Clock.GetCurrentInstant();
        OneTimeLinks links;
        long version;
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) (links, version) = await OneTimeLinks.ReadAsync(snapshot, Maya.Id);
        await new PracticePeople(Server.Store, Server.Clock).EditAsync(Practice.Id, AuditActor.OnPages(Ruth, "session"), Maya.Id, Maya.DisplayName, "m@riverbend.example");
        var late = StoreBatch.Of(links.With(OneTimeLink.Create(LinkPurpose.Reset, now).Link, now).Put(Maya.Id, version));
        Assert.Equal(StoreFailureKind.Precondition, (await Server.Store.ApplyAsync(late, TestContext.Current.CancellationToken)).Failure?.Kind);
    }

    [Theory]
    [InlineData("Maya", "not an address", "The e-mail address is not complete.")]
    [InlineData(" ", "maya@riverbend.example", "Type the name.")]
    [InlineData("M\uffff", "maya@riverbend.example", "a character in it that cannot be shown")]
    public async Task Details_that_are_not_right_are_refused_with_a_sentence_and_what_was_typed_stays(string name, string email, string sentence)
    {
        using var ruth = await SignedInAsync("ruth");
        var page = await EditAsync(ruth, name, email);
        Assert.Contains(sentence, page.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{email}\"", page.Text, StringComparison.Ordinal);
        using var maya = await SignedInAsync(Maya.Email!);
        Assert.Contains("Maya Lindqvist", (await maya.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tom@riverbend.example")]
    [InlineData("TOM@Riverbend.example")]
    [InlineData("olga@elsewhere.example")]
    [InlineData("gone@elsewhere.example")]
    [InlineData("nobody@elsewhere.example")]
    public async Task Whether_somebody_else_has_an_address_is_told_to_its_mailbox_only(string email)
    {
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        // one whose login it is, in another practice group; and one who may not come in, and may again
        await directory.CreatePersonAsync("olga@elsewhere.example", "Olga", null, PrincipalRole.User, null);
        var gone = await directory.CreatePersonAsync("gone", "Gone", "gone@elsewhere.example", PrincipalRole.User, null);
        await Server.Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(gone.Id, Server.Clock.GetCurrentInstant())), TestContext.Current.CancellationToken);
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains($"Saved. A link is on its way to {email}: the new address takes effect once the link has been opened.", WebUtility.HtmlDecode((await EditAsync(ruth, "Maya Lindqvist", email)).Text), StringComparison.Ordinal);
        using var maya = await SignedInAsync(Maya.Email!);
        Assert.Equal("/settings", (await maya.GetAsync("/settings")).Path);
        var isFree = email.StartsWith("nobody", StringComparison.Ordinal);
        Assert.Contains(isFree ? "is confirmed" : "cannot be used", (await ConfirmAsync(email)).Text, StringComparison.Ordinal);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(isFree ? email : Maya.Email, (await snapshot.FindPrincipalAsync(Maya.Id))!.Email);
    }

    [Fact]
    public async Task A_new_address_gets_nothing_until_its_link_was_followed_once_and_the_email_has_no_word_of_anybody()
    {
        using var maya = await SignedInAsync("maya");
        await maya.PostAsync("/settings/details", ("name", "Buy now at evil.example"), ("email", "victim@elsewhere.example"), ("password", Password));
        var email = await _mail.NextAsync();
        Assert.Equal("victim@elsewhere.example", email.To);
        Assert.DoesNotContain("evil", email.Message + email.Text, StringComparison.Ordinal);
        using var browser = new PageClient(Server);
        await browser.PostAsync("/forgotten", ("login", "maya"));
        Assert.Equal(Maya.Email, (await _mail.NextAsync()).To);
        var link = email.Link.PathAndQuery;
        await browser.GetAsync(link);
        await browser.GetAsync(link);
        Assert.Contains("Confirm the address", (await browser.GetAsync(link)).Text, StringComparison.Ordinal);
        await browser.PostAsync(link);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal("victim@elsewhere.example", (await snapshot.FindPrincipalAsync(Maya.Id))!.Email);
    }

    [Fact]
    public async Task A_link_of_before_and_one_that_was_taken_back_do_not_count()
    {
        using var maya = await SignedInAsync("maya");
        var links = new List<string>();
        foreach (var email in (string[])["one@riverbend.example", "two@riverbend.example"])
        {
            await maya.PostAsync("/settings/details", ("name", "Maya Lindqvist"), ("email", email), ("password", Password));
            links.Add((await _mail.NextAsync()).Link.PathAndQuery);
        }

        Assert.Equal(HttpStatusCode.Gone, (await maya.GetAsync(links[0])).Status);
        await maya.PostAsync("/settings/details", ("name", "Maya Lindqvist"), ("email", Maya.Email!), ("password", Password));
        Assert.Equal(HttpStatusCode.Gone, (await maya.GetAsync(links[1])).Status);
    }

    [Theory]
    [InlineData("tom@riverbend.example", "lee", "cannot be used")]
    [InlineData("lee@riverbend.example", "Tom@riverbend.example", "A login cannot be an e-mail address")]
    [InlineData("tom@riverbend.example", "", "cannot be used")]
    public async Task Nobody_is_invited_with_what_somebody_else_signs_in_with(string email, string login, string sentence)
    {
        using var ruth = await SignedInAsync("ruth");
        var page = await ruth.PostAsync("/settings/people/invite", ("name", "Lee"), ("email", email), ("login", login), ("role", "Practitioner"));
        Assert.Contains(sentence, WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        using var tom = await SignedInAsync(Tom.Email!);
        Assert.Equal("/settings", (await tom.GetAsync("/settings")).Path);
    }

    [Fact]
    public async Task Nobody_finds_out_by_trying_many_logins_who_uses_the_server()
    {
        await new PracticeDirectory(Server.Store, Server.Clock).CreatePersonAsync("olga", "Olga", null, PrincipalRole.User, null);
        using var ruth = await SignedInAsync("ruth");
        var answers = new List<string>();
        for (var n = 0; n < 8; n++) answers.Add(WebUtility.HtmlDecode((await InviteAsync(ruth, $"lee{n}@riverbend.example", "olga")).Text));
        Assert.Equal(5, answers.Count(answer => answer.Contains("The login 'olga' is taken.", StringComparison.Ordinal)));

        // from then on what is free is answered as what is not; a login that is made is always free
        var free = WebUtility.HtmlDecode((await InviteAsync(ruth, "nobody@riverbend.example", "nobody")).Text);
        Assert.Contains("You have tried too many logins that could not be used.", answers[^1], StringComparison.Ordinal);
        Assert.Contains("You have tried too many logins that could not be used.", free, StringComparison.Ordinal);
        Assert.Contains("is on its way to", (await InviteAsync(ruth, "other@riverbend.example")).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromHours(2);
        await ruth.SignInAsync("ruth", Password);
        Assert.Contains("is on its way to nobody@riverbend.example", (await InviteAsync(ruth, "nobody@riverbend.example", "nobody")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_of_the_own_practice_is_told_as_often_as_it_is_typed()
    {
        using var ruth = await SignedInAsync("ruth");
        for (var n = 0; n < 8; n++) Assert.Contains("The login &#x27;tom&#x27; is taken.", (await InviteAsync(ruth, $"lee{n}@riverbend.example", "tom")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_invitations_that_are_right_are_not_limited_as_guesses_are()
    {
        using var ruth = await SignedInAsync("ruth");
        for (var n = 0; n < 12; n++) Assert.Contains("is on its way to", (await InviteAsync(ruth, $"new{n}@riverbend.example")).Text, StringComparison.Ordinal);
    }

    private static Task<PageAnswer> InviteAsync(PageClient ruth, string email, string login = "") =>
        ruth.PostAsync("/settings/people/invite", ("name", "Lee"), ("email", email), ("login", login), ("role", "Practitioner"));

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task An_administrator_changes_an_address_with_the_own_password_only(string password)
    {
        using var ruth = await SignedInAsync("ruth");
        var refused = await ruth.PostAsync($"{PageOfMaya}?handler=Edit", ("name", "Maya Ibsen"), ("email", "m@riverbend.example"), ("password", password));
        Assert.Contains("This is not your password.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"m@riverbend.example\"", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditAction.PersonChanged, await AuditAsync());
    }

    [Fact]
    public async Task A_person_changes_the_own_details_with_the_password_only()
    {
        using var maya = await SignedInAsync("maya");
        var refused = await maya.PostAsync("/settings/details", ("name", "Maya Ibsen"), ("email", "m@riverbend.example"), ("password", "wrong"));
        Assert.Contains("This is not your password.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Maya Ibsen\"", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditAction.PersonChanged, await AuditAsync());
        var saved = await maya.PostAsync("/settings/details", ("name", "Maya Ibsen"), ("email", "m@riverbend.example"), ("password", Password));
        Assert.Equal("/settings", saved.Path);
        Assert.Contains("Maya Ibsen", saved.Text, StringComparison.Ordinal);
        await ConfirmAsync("m@riverbend.example");
        Assert.Equal(Maya.Email, (await _mail.NextAsync()).To);
        await maya.PostAsync("/settings/details", ("name", "Maya Ibsen"), ("email", "m@riverbend.example"), ("password", Password));
        Assert.Equal(2, (await AuditAsync()).Count(action => action == AuditAction.PersonChanged));
        await maya.PostAsync("/settings/details", ("name", "Maya Ibsen"), ("email", ""), ("password", Password));
        var email = await _mail.NextAsync();
        Assert.Equal(("m@riverbend.example", true), (email.To, email.Text.Contains("The e-mail address of your CalendarSync account was removed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_administrator_does_not_get_round_the_password_for_the_own_details()
    {
        using var ruth = await SignedInAsync("ruth");
        Assert.DoesNotContain("handler=Edit", (await ruth.GetAsync($"/settings/people/{Ruth.Id}")).Text, StringComparison.Ordinal);
        var page = await ruth.ForgeAsync($"/settings/people/{Ruth.Id}?handler=Edit", await ruth.GetAsync("/settings/people/invite"), ("name", "R"), ("email", "x@riverbend.example"));
        Assert.Equal("/settings/details", page.Path);
        Assert.Contains("Ruth Calloway", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_of_another_practice_group_is_changed()
    {
        var olga = await new PracticeDirectory(Server.Store, Server.Clock).CreatePersonAsync("olga", "Olga", null, PrincipalRole.User, null);
        using var ruth = await SignedInAsync("ruth");
        var form = await ruth.GetAsync("/settings/people/invite");
        Assert.Equal(HttpStatusCode.NotFound, (await ruth.ForgeAsync($"/settings/people/{olga.Id}?handler=Edit", form, ("name", "R"), ("email", ""))).Status);
        using var tom = await SignedInAsync("tom");
        var details = await tom.GetAsync("/settings/details");
        Assert.Equal(HttpStatusCode.Forbidden, (await tom.ForgeAsync($"{PageOfMaya}?handler=Edit", details, ("name", "R"), ("email", ""))).Status);
    }

    [Fact]
    public async Task Somebody_without_a_practice_group_changes_the_own_details_too()
    {
        var olga = await new PracticeDirectory(Server.Store, Server.Clock).CreatePersonAsync("olga", "Olga", null, PrincipalRole.User, null);
        await PageClient.GivePasswordAsync(Server, olga.Id, Password);
        using var browser = await SignedInAsync("olga");
        var page = await browser.PostAsync("/settings/details", ("name", "Olga Novak"), ("email", ""), ("password", Password));
        Assert.Contains("Olga Novak", page.Text, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private async Task<PageAnswer> ConfirmAsync(string email)
    {
        var sent = await _mail.NextAsync();
        Assert.Equal(email.Trim(), sent.To);
        using var browser = new PageClient(Server);
        await browser.SignInAsync("maya", Password);
        return await browser.PostAsync(sent.Link.PathAndQuery);
    }

    private Task<PageAnswer> EditAsync(PageClient browser, string name, string email) =>
        browser.PostAsync($"{PageOfMaya}?handler=Edit", ("name", name), ("email", email), ("password", Password));
}
