using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What administrators do with people at the same time.</summary>
public sealed class PeopleRaceTests : PageTest
{
    private static readonly PropertyName DisplayName = new("DAV:", "displayname");

    private PracticeDirectory People => new(Server.Store, Server.Clock);

    [Fact]
    public async Task R3_an_invitation_does_not_undo_a_new_name_of_a_calendar()
    {
        var solo = await People.CreatePracticeAsync("Solo", "Australia/Melbourne");
        var sol = await People.CreatePersonAsync("sol", "Sol Adeyemi", null, PrincipalRole.Practitioner, solo.Id);
        await using var racing = new RacingStore(Server.Store)
        {
            BeforeApply = () => new PracticePeople(Server.Store, Server.Clock).EditAsync(solo.Id, AuditActor.Command, sol.Id, "Sol Ibsen", null),
        };

        await new PracticePeople(racing, Server.Clock).InviteAsync(solo.Id, AuditActor.Command, "lee", "Lee", null, PrincipalRole.Practitioner);

        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.True((await snapshot.FindCollectionAsync(sol.Id, "hx"))!.Properties.TryGet(DisplayName, out var name));
        Assert.Contains("HX_Solo (Sol Ibsen)", name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_people_who_get_the_same_address_at_one_time_one_is_told_that_it_is_taken()
    {
        const string address = "shared@example.org";
        var elsewhere = await People.CreatePracticeAsync("Elsewhere", "Australia/Melbourne");
        await using var racing = new RacingStore(Server.Store)
        {
            BeforeApply = () => People.CreatePersonAsync("lee", "Lee", address, PrincipalRole.Administrator, elsewhere.Id),
        };
        var edit = () => new PracticePeople(racing, Server.Clock).EditAsync(Practice.Id, AuditActor.Command, Maya.Id, Maya.DisplayName, address);
        Assert.Contains("cannot be used", (await Assert.ThrowsAsync<PracticeDirectoryException>(edit)).Message, StringComparison.Ordinal);

        racing.BeforeApply = () => new PracticePeople(Server.Store, Server.Clock).EditAsync(Practice.Id, AuditActor.Command, Maya.Id, Maya.DisplayName, "other@example.org");
        var create = () => new PracticeDirectory(racing, Server.Clock).CreatePersonAsync("ana", "Ana", "Other@example.org", PrincipalRole.Administrator, elsewhere.Id);
        Assert.Contains("cannot be used", (await Assert.ThrowsAsync<PracticeDirectoryException>(create)).Message, StringComparison.Ordinal);
    }
}
