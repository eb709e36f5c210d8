using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Hosting;
using CalDavServer.Mail;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Microsoft.Extensions.DependencyInjection;
using Practice;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>An address that nobody has proved opens nothing, and nothing that is done in one practice tells whether somebody of another uses an address.</summary>
public sealed partial class UnprovedAddressTests : PageTest
{
    private const string Used = "used@elsewhere.example";
    private const string Free = "free@elsewhere.example";
    private const string New = "another good password 7";
    private readonly MailStandIn _mail = new();

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Inviting_editing_and_the_own_change_answer_the_same_whether_another_practice_uses_the_address(bool sendsMail, bool isLogin)
    {
        await using var silent = await TestServer.StartAsync();
        var scene = await Scene.MakeAsync(sendsMail ? Server : silent, isLogin);
        using var ruth = await scene.SignedInAsync("r");
        using var lee = await scene.SignedInAsync("lee");
        var answers = new Dictionary<string, List<string>>();
        foreach (var email in (string[])[Used, Free])
        {
            var mine = answers[email] = [];
            mine.Add(BareOf(await ruth.PostAsync("/settings/people/invite", Invited(email)), email));
            mine.Add(BareOf(await ruth.PostAsync("/settings/people/invite", Invited($"x{email}", login: email)), email));
            mine.Add(BareOf(await ruth.PostAsync($"/settings/people/{scene.Lee.Id}?handler=Edit", ("name", "Lee"), ("email", email), ("password", Password)), email));
            mine.Add(BareOf(await ruth.GetAsync($"/settings/people/{scene.Lee.Id}"), email));
            mine.Add(BareOf(await lee.PostAsync("/settings/details", ("name", "Lee"), ("email", email), ("password", Password)), email));
            mine.Add(BareOf(await lee.GetAsync("/settings"), email));
            mine.Add(BareOf(await lee.PostAsync("/settings/details", ("name", "Lee"), ("email", ""), ("password", Password)), email));
        }

        Assert.Equal(answers[Used], answers[Free]);
        Assert.All(answers[Free], answer => Assert.DoesNotContain("cannot be used", answer, StringComparison.Ordinal));
        using var olga = new PageClient(scene.Server);
        await olga.SignInAsync(Used, Password);
    }

    [Theory]
    [InlineData(Used)]
    [InlineData(Free)]
    public async Task Without_a_mail_server_an_address_is_kept_and_never_good_for_signing_in(string email)
    {
        await using var silent = await TestServer.StartAsync();
        var scene = await Scene.MakeAsync(silent, isLogin: false);
        using var ruth = await scene.SignedInAsync("r");
        var page = await ruth.PostAsync("/settings/people/invite", Invited(email));
        Assert.Contains($"{email} <span class=\"badge\">Not confirmed</span>", page.Text, StringComparison.Ordinal);
        using var invited = new PageClient(silent);
        await invited.PostAsync(new Uri(MailStandIn.LinkIn().Match(page.Text[page.Text.IndexOf("The link for", StringComparison.Ordinal)..]).Value.Split('<')[0]).PathAndQuery, ("password", New), ("again", New));
        Assert.Contains("not right", (await invited.PostAsync("/sign-in", ("login", email), ("password", New))).Text, StringComparison.Ordinal);
        using var lee = await scene.SignedInAsync("lee");
        Assert.Contains("is noted, but not confirmed", (await lee.PostAsync("/settings/details", ("name", "Lee"), ("email", email), ("password", Password))).Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{email}\"", (await lee.GetAsync("/settings/details")).Text, StringComparison.Ordinal);
        using var snapshot = await silent.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(email == Used ? scene.Olga.Id : null, (await SignInName.FindAsync(snapshot, email))?.Id);
    }

    [Fact]
    public async Task A_mistyped_address_that_is_cleared_ends_the_invitation_that_went_there()
    {
        var scene = await Scene.MakeAsync(Server, isLogin: false);
        using var ruth = await scene.SignedInAsync("r");
        await ruth.PostAsync("/settings/people/invite", Invited(Free));
        var sent = await _mail.NextAsync();
        var ana = await AnaAsync(scene);
        await ruth.PostAsync($"/settings/people/{ana.Id}?handler=Edit", ("name", "Ana"), ("email", ""), ("password", Password));
        using var stranger = new PageClient(Server);
        Assert.DoesNotContain("name=\"password\"", (await stranger.GetAsync(sent.Link.PathAndQuery)).Text, StringComparison.Ordinal);
        Assert.Contains("not right", (await stranger.PostAsync("/sign-in", ("login", ana.Login), ("password", New))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_name_sends_nothing_and_leaves_the_invitation_and_its_proof()
    {
        var scene = await Scene.MakeAsync(Server, isLogin: false);
        using var ruth = await scene.SignedInAsync("r");
        await ruth.PostAsync("/settings/people/invite", Invited(Free));
        var sent = await _mail.NextAsync();
        var ana = await AnaAsync(scene);
        var page = await ruth.PostAsync($"/settings/people/{ana.Id}?handler=Edit", ("name", "Ana"), ("email", Free), ("password", Password));
        Assert.DoesNotContain("on its way", page.Text, StringComparison.Ordinal);
        using var invited = new PageClient(Server);
        Assert.Equal("/sign-in", (await invited.PostAsync(sent.Link.PathAndQuery, ("password", New), ("again", New))).Path);
        Assert.Equal(Free, (await AnaAsync(scene)).Email);
        await invited.SignInAsync(Free, New);
    }

    private async Task<Principal> AnaAsync(Scene scene)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.ListPrincipalsAsync(scene.Practice.Id)).Single(other => other.DisplayName == "Ana");
    }

    [Theory]
    [InlineData(Used)]
    [InlineData(Free)]
    public async Task An_invitation_proves_the_address_that_it_was_sent_to_unless_somebody_has_it(string email)
    {
        var scene = await Scene.MakeAsync(Server, isLogin: false);
        using var ruth = await scene.SignedInAsync("r");
        await ruth.PostAsync("/settings/people/invite", Invited(email));
        // before it was followed it opens nothing and gets nothing
        using (var before = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) Assert.Equal(email == Used ? scene.Olga.Id : null, (await SignInName.FindAsync(before, email))?.Id);
        var sent = await _mail.NextAsync();
        Assert.Equal(email, sent.To);
        using var invited = new PageClient(Server);
        Assert.Equal("/sign-in", (await invited.PostAsync(sent.Link.PathAndQuery, ("password", New), ("again", New))).Path);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var person = (await snapshot.ListPrincipalsAsync(scene.Practice.Id)).Single(other => other.DisplayName == "Ana");
        Assert.Equal(email == Used ? null : email, person.Email);
        Assert.Equal(email == Used ? scene.Olga.Id : person.Id, (await SignInName.FindAsync(snapshot, email))?.Id);
        await invited.SignInAsync(person.Login, New);
    }

    [Fact]
    public async Task A_link_that_the_administrator_was_shown_proves_nothing()
    {
        var scene = await Scene.MakeAsync(Server, isLogin: false);
        using var ruth = await scene.SignedInAsync("r");
        var page = await ruth.PostAsync("/settings/people/invite", Invited(Free));
        // until there are too many e-mails, and the link is shown
        for (var n = 0; n < 12 && !page.Text.Contains("The link for", StringComparison.Ordinal); n++) page = await ruth.PostAsync($"{page.Path.Split('?')[0]}?handler=Invite");
        using var invited = new PageClient(Server);
        await invited.PostAsync(new Uri(MailStandIn.LinkIn().Match(page.Text[page.Text.IndexOf("The link for", StringComparison.Ordinal)..]).Value.Split('<')[0]).PathAndQuery, ("password", New), ("again", New));
        Assert.Contains("not right", (await invited.PostAsync("/sign-in", ("login", Free), ("password", New))).Text, StringComparison.Ordinal);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Null(await SignInName.FindAsync(snapshot, Free));
    }

    [Fact]
    public async Task An_invitation_that_went_to_a_wrong_address_ends_when_the_address_is_put_right()
    {
        var scene = await Scene.MakeAsync(Server, isLogin: false);
        using var ruth = await scene.SignedInAsync("r");
        var page = await ruth.PostAsync("/settings/people/invite", Invited("typo@elsewhere.example"));
        var wrong = (await _mail.NextAsync()).Link.PathAndQuery;
        await ruth.PostAsync($"{page.Path}?handler=Edit", ("name", "Ana"), ("email", Free), ("password", Password));
        Assert.Equal(Free, (await _mail.NextAsync()).To);
        using var stranger = new PageClient(Server);
        Assert.Equal(HttpStatusCode.Gone, (await stranger.GetAsync(wrong)).Status);
        await ruth.PostAsync($"{page.Path}?handler=Invite");
        var right = await _mail.NextAsync();
        Assert.Equal(Free, right.To);
        Assert.Equal("/sign-in", (await stranger.PostAsync(right.Link.PathAndQuery, ("password", New), ("again", New))).Path);
        await stranger.SignInAsync(Free, New);
    }

    [Fact]
    public async Task An_invitation_sent_again_to_a_proved_address_says_nothing_about_another()
    {
        var scene = await Scene.MakeAsync(Server, isLogin: false);
        using var ruth = await scene.SignedInAsync("r");
        var page = $"/settings/people/{scene.WithoutPassword.Id}";
        await ruth.PostAsync($"{page}?handler=Edit", ("name", "Pat"), ("email", Free), ("password", Password));
        Assert.Equal(Free, (await _mail.NextAsync()).To);
        await ruth.PostAsync($"{page}?handler=Invite");
        var sent = await _mail.NextAsync();
        Assert.Equal(scene.WithoutPassword.Email, sent.To);
        using var pat = new PageClient(Server);
        await pat.PostAsync(sent.Link.PathAndQuery, ("password", New), ("again", New));
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(scene.WithoutPassword.Email, (await snapshot.FindPrincipalAsync(scene.WithoutPassword.Id))!.Email);
    }

    [Fact]
    public async Task Emails_that_others_get_or_send_do_not_change_what_an_administrator_is_told()
    {
        var scene = await Scene.MakeAsync(Server, isLogin: false);
        var sender = Server.Services.GetRequiredService<MailSender>();
        for (var n = 0; n < 12; n++)
        {
            sender.Send(new Email(Used, "Hello", "Hello"));
            sender.Send(new Email(Used, "Hello", "Hello"), "somebody else");
        }

        using var ruth = await scene.SignedInAsync("r");
        var used = BareOf(await ruth.PostAsync("/settings/people/invite", Invited(Used)), Used);
        Assert.Equal(used, BareOf(await ruth.PostAsync("/settings/people/invite", Invited(Free)), Free));
        Assert.Contains("is on its way to EMAIL", used, StringComparison.Ordinal);
    }

    private static (string, string)[] Invited(string email, string login = "") => [("name", "Ana"), ("email", email), ("login", login), ("role", "Practitioner")];

    // without what differs from one person to the next
    private static string BareOf(PageAnswer answer, string email)
    {
        var text = $"{answer.Status} {answer.Path}\n{answer.Text}".Replace(email, "EMAIL", StringComparison.Ordinal).Replace("; charset", "", StringComparison.Ordinal);
        return Random().Replace(text, "…");
    }

    [GeneratedRegex("[0-9a-f]{32,}|-[0-9]{6}\\b|CfDJ8[A-Za-z0-9_-]+|(?<=/)[a-z0-9]{28}\\b|[0-9]{1,2}:[0-9]{2}|(?:[a-z0-9]{4,}-){3,}[a-z0-9]+")]
    private static partial Regex Random();

    /// <summary>An administrator and people of one practice, and somebody of another who has an address, as login or beside it.</summary>
    private sealed record Scene(TestServer Server, PracticeGroup Practice, Principal Lee, Principal WithoutPassword, Principal Olga)
    {
        public static async Task<Scene> MakeAsync(TestServer server, bool isLogin)
        {
            var directory = new PracticeDirectory(server.Store, server.Clock);
            var practice = await directory.CreatePracticeAsync("Hilltop", "Australia/Melbourne");
            var other = await directory.CreatePracticeAsync("Elsewhere", "Australia/Melbourne");
            var ruth = await directory.CreatePersonAsync("r", "R", null, PrincipalRole.Administrator, practice.Id);
            var lee = await directory.CreatePersonAsync("lee", "Lee", null, PrincipalRole.Practitioner, practice.Id);
            var pat = await directory.CreatePersonAsync("pat", "Pat", "pat@hilltop.example", PrincipalRole.Practitioner, practice.Id);
            var olga = await directory.CreatePersonAsync(isLogin ? Used : "olga", "Olga", isLogin ? null : Used, PrincipalRole.Practitioner, other.Id);
            foreach (var person in (Principal[])[ruth, lee, olga]) await PageClient.GivePasswordAsync(server, person.Id, Password);
            return new Scene(server, practice, lee, pat, olga);
        }

        public async Task<PageClient> SignedInAsync(string login)
        {
            var browser = new PageClient(Server);
            await browser.SignInAsync(login, Password);
            return browser;
        }
    }
}
