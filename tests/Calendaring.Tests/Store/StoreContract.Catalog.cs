using Calendaring.Store;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_principal_is_found_by_id_and_login_and_after_opening_again()
    {
        var principal = new Principal("x1", "carl@example.org", "Carl", "c@example.org", 1, "p1");
        await ApplyAsync(new CreatePrincipal(principal));
        await ReopenAsync();
        var found = await AskAsync(s => s.FindPrincipalByLoginAsync("carl@example.org"));
        Assert.Equal(principal, found);
        Assert.Equal(found, await AskAsync(s => s.FindPrincipalAsync("x1")));
        Assert.Equal(["anna", "bert", "x1"], (await AskAsync(s => s.ListPrincipalsAsync())).Select(p => p.Id));
        Assert.Null(await AskAsync(s => s.FindPrincipalAsync("x2")));
        Assert.Null(await AskAsync(s => s.FindPrincipalByLoginAsync("x1")));
    }

    [Fact]
    public async Task Principals_are_found_by_email_address_however_it_came_to_be_theirs()
    {
        await ApplyAsync(new CreatePrincipal(new Principal("x1", "carl", "Carl", " Änne@Example.org", 2, null)));
        await ApplyAsync(new CreatePrincipal(new Principal("x2", "dora", "Dora", "a\u0308nne@example.org", 2, null)));
        await ExpectAsync("änne@example.org", "x1", "x2");
        await ApplyAsync(new RenamePrincipal("x1", "Carl", "carl@example.org"));
        await ExpectAsync("ÄNNE@example.org", "x2");
        await ExpectAsync("carl@example.org", "x1");
        await ApplyAsync(new ErasePrincipal("x2", []));
        await ExpectAsync("änne@example.org");
        await ApplyAsync(new RenamePrincipal("x1", "Carl", null));
        await ExpectAsync("carl@example.org");
        Assert.Empty(await AskAsync(s => s.ListPrincipalsByEmailAsync("\ud800")));

        async Task ExpectAsync(string email, params string[] ids)
        {
            Assert.Equal(ids, (await AskAsync(s => s.ListPrincipalsByEmailAsync(email))).Select(p => p.Id));
            await ReopenAsync();
            Assert.Equal(ids, (await AskAsync(s => s.ListPrincipalsByEmailAsync(email))).Select(p => p.Id));
        }
    }

    [Fact]
    public async Task Ids_and_logins_of_principals_are_unique()
    {
        Assert.Equal(StoreFailureKind.Exists, (await FailAsync(Samples.Principal("anna", "new@example.org"))).Kind);
        Assert.Equal(StoreFailureKind.Exists, (await FailAsync(Samples.Principal("new", "anna@example.org"))).Kind);
        Assert.Equal(StoreFailureKind.Exists, (await FailAsync(new UpdatePrincipal(Samples.Principal("anna", "bert@example.org").Principal))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new UpdatePrincipal(Samples.Principal("new").Principal))).Kind);
        await ApplyAsync(new UpdatePrincipal(Samples.Principal("anna", "ann@example.org").Principal));
        await ApplyAsync(Samples.Principal("other", "anna@example.org"));
        await ReopenAsync();
        Assert.Equal("anna", (await AskAsync(s => s.FindPrincipalByLoginAsync("ann@example.org")))!.Id);
        Assert.Equal("other", (await AskAsync(s => s.FindPrincipalByLoginAsync("anna@example.org")))!.Id);
    }

    [Fact]
    public async Task Access_is_taken_away_and_given_back_and_nothing_else_of_the_principal_changes()
    {
        var before = (await AskAsync(s => s.FindPrincipalAsync("anna")))!;
        await ApplyAsync(SetNote("anna"));
        var at = Instant.FromUtc(2026, 3, 1, 9, 0);
        await ApplyAsync(new SetDeactivated("anna", at));
        Assert.Equal(at, (await AskAsync(s => s.FindPrincipalAsync("anna")))!.Deactivated);
        await ReopenAsync();
        var anna = (await AskAsync(s => s.FindPrincipalAsync("anna")))!;
        Assert.Equal(at, anna.Deactivated);
        Assert.Single(await NotesAsync("anna"));
        Assert.Null((await AskAsync(s => s.FindPrincipalAsync("bert")))!.Deactivated);
        await ApplyAsync(new SetDeactivated("anna", null));
        Assert.Equal(before, await AskAsync(s => s.FindPrincipalAsync("anna")));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new SetDeactivated("nobody", at))).Kind);
    }

    [Fact]
    public async Task A_principal_gets_another_name_and_address_and_nothing_else_of_it_changes()
    {
        var before = (await AskAsync(s => s.FindPrincipalAsync("anna")))!;
        await ApplyAsync(SetNote("anna"));
        await ApplyAsync(new RenamePrincipal("anna", "Anna Holm", "holm@example.org"));
        await ReopenAsync();
        var anna = (await AskAsync(s => s.FindPrincipalAsync("anna")))!;
        Assert.Single(await NotesAsync("anna"));
        var expected = before with { DisplayName = "Anna Holm", Email = "holm@example.org" };
        Assert.Equal(expected, anna);
        await ApplyAsync(new RenamePrincipal("anna", "Anna", null));
        Assert.Null((await AskAsync(s => s.FindPrincipalAsync("anna")))!.Email);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new RenamePrincipal("nobody", "x", null))).Kind);
    }

    [Fact]
    public async Task The_principals_of_a_group_are_listed_as_they_join_and_leave()
    {
        static Principal In(string id, string? group) => Samples.Principal(id).Principal with { GroupId = group };
        await ApplyAsync(new CreatePrincipal(In("p2", "one")), new CreatePrincipal(In("p1", "one")), new CreatePrincipal(In("p3", "two")));
        Assert.Equal("p1 p2", await MembersAsync("one"));
        await ApplyAsync(new UpdatePrincipal(In("p2", "two") with { Login = "moved@example.org" }), new UpdatePrincipal(In("p3", null)), new UpdatePrincipal(In("p1", "one")));
        Assert.Equal("p1|p2", $"{await MembersAsync("one")}|{await MembersAsync("two")}");
        await ReopenAsync();
        Assert.Equal("p1|p2", $"{await MembersAsync("one")}|{await MembersAsync("two")}");
        Assert.Empty(await MembersAsync("none"));

        async Task<string> MembersAsync(string group) => string.Join(' ', (await AskAsync(s => s.ListPrincipalsAsync(group))).Select(principal => principal.Id));
    }

    [Fact]
    public async Task App_passwords_are_listed_oldest_first_replaced_and_revoked()
    {
        var phone = new Credential("c2", "anna", "phone", SecretKind.Slow, "hash", true, "full", Samples.Now, Samples.Now, "::1", "agent");
        var laptop = new Credential("c1", "anna", "laptop", SecretKind.Sha256, "hash1", false, "busy", Samples.Now + Duration.FromDays(1));
        await ApplyAsync(new PutCredential(laptop), new PutCredential(phone));
        await ReopenAsync();
        Assert.Equal([phone, laptop], await AskAsync(s => s.ListCredentialsAsync("anna")));
        Assert.Empty(await AskAsync(s => s.ListCredentialsAsync("bert")));
        Assert.Empty(await AskAsync(s => s.ListCredentialsAsync("nobody")));
        await ApplyAsync(new PutCredential(phone with { Label = "new phone" }));
        Assert.Equal(["new phone", "laptop"], (await AskAsync(s => s.ListCredentialsAsync("anna"))).Select(c => c.Label));
        await ApplyAsync(new DeleteCredential("anna", "c2"));
        Assert.Equal([laptop], await AskAsync(s => s.ListCredentialsAsync("anna")));
        await ReopenAsync();
        Assert.Equal([laptop], await AskAsync(s => s.ListCredentialsAsync("anna")));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new DeleteCredential("anna", "c2"))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new DeleteCredential("bert", "c1"))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new PutCredential(laptop with { PrincipalId = "nobody" }))).Kind);
    }

    [Fact]
    public async Task An_app_password_is_made_once()
    {
        var phone = new Credential("c1", "anna", "phone", SecretKind.Sha256, "hash", false, "full", Samples.Now);
        await ApplyAsync(new PutCredential(phone, OnlyNew: true));
        Assert.Equal(StoreFailureKind.Exists, (await FailAsync(new PutCredential(phone with { SecretHash = "other" }, OnlyNew: true))).Kind);
        Assert.Equal([phone], await AskAsync(s => s.ListCredentialsAsync("anna")));
    }

    [Fact]
    public async Task An_app_password_changes_only_while_it_is_as_it_was_read_but_for_its_last_use()
    {
        var phone = new Credential("c1", "anna", "phone", SecretKind.Sha256, "hash", false, "full", Samples.Now + Duration.FromNanoseconds(1));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new ChangeCredential(phone, phone))).Kind);
        await ApplyAsync(new PutCredential(phone));
        Store.NoteUse(new CredentialUse("anna", "c1", Samples.Now + Duration.FromHours(1), "10.0.0.1", "app"));
        await DoHousekeepingAsync(Store);
        await ApplyAsync(new ChangeCredential(phone, phone with { SecretHash = "new" }));
        foreach (var stale in new[] { phone, phone with { SecretHash = "new", Label = "x" }, phone with { SecretHash = "new", ReadOnly = true }, phone with { SecretHash = "new", LevelName = "busy" } })
            Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ChangeCredential(stale, phone with { Label = "tablet" }))).Kind);
        await ReopenAsync();
        var changed = Assert.Single(await AskAsync(s => s.ListCredentialsAsync("anna")));
        Assert.Equal(("new", "phone", "10.0.0.1", "app"), (changed.SecretHash, changed.Label, changed.LastAddress, changed.LastUserAgent));
        Assert.Equal(Samples.Now + Duration.FromHours(1), changed.LastUsed);
        await ApplyAsync(new DeleteCredential("anna", "c1"));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new ChangeCredential(changed, changed with { Label = "tablet" }))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new ChangeCredential(changed with { PrincipalId = "nobody" }, changed with { PrincipalId = "nobody" }))).Kind);
    }

    [Fact]
    public void A_use_of_an_app_password_is_known_before_it_is_written()
    {
        var use = new CredentialUse("anna", "c1", Samples.Now, "10.0.0.1", "app");
        Assert.Null(Store.FindNotedUse("anna", "c1"));
        Store.NoteUse(use);
        Assert.Equal(use, Store.FindNotedUse("anna", "c1"));
    }

    [Fact]
    public async Task The_last_use_of_an_app_password_is_written_but_revives_no_revoked_one()
    {
        var phone = new Credential("c1", "anna", "phone", SecretKind.Sha256, "hash", false, "full", Samples.Now);
        await ApplyAsync(new PutCredential(phone), new PutCredential(phone with { Id = "c2" }));
        Store.NoteUse(new CredentialUse("anna", "c1", Samples.Now, "10.0.0.1", "old"));
        Store.NoteUse(new CredentialUse("anna", "c1", Samples.Now + Duration.FromHours(1), "10.0.0.2", "new"));
        Store.NoteUse(new CredentialUse("anna", "c2", Samples.Now, null, null));
        Store.NoteUse(new CredentialUse("nobody", "c1", Samples.Now, null, null));
        await ApplyAsync(new DeleteCredential("anna", "c2"));
        await DoHousekeepingAsync(Store);
        var used = phone with { LastUsed = Samples.Now + Duration.FromHours(1), LastAddress = "10.0.0.2", LastUserAgent = "new" };
        Assert.Equal([used], await AskAsync(s => s.ListCredentialsAsync("anna")));
        Store.NoteUse(new CredentialUse("anna", "c1", Samples.Now + Duration.FromHours(2), "10.0.0.3", "newest"));
        await ReopenAsync();
        Assert.Equal("10.0.0.3", Assert.Single(await AskAsync(s => s.ListCredentialsAsync("anna"))).LastAddress);
    }

    [Fact]
    public async Task A_collection_is_found_by_name_and_key_and_after_opening_again()
    {
        var bag = PropertyBag.Of([new(new PropertyName("urn:x", "color"), "<color a=\"b\"/>")]);
        var made = Assert.Single((await ApplyAsync(Samples.Collection("anna", "work", bag))).Collections);
        Assert.NotEqual(0, made.Id);
        Assert.NotEmpty(made.Incarnation);
        await ReopenAsync();
        var found = await AskAsync(s => s.FindCollectionAsync("anna", "work"));
        Assert.Equal(made with { Components = [], Properties = bag }, found! with { Components = [], Properties = bag });
        Assert.Equal(bag.Values, found.Properties.Values);
        Assert.Equal(["VEVENT", "VTODO"], found.Components);
        Assert.Equal(found, await AskAsync(s => s.FindCollectionAsync(made.Id)));
        Assert.Null(await AskAsync(s => s.FindCollectionAsync("bert", "work")));
        Assert.Null(await AskAsync(s => s.FindCollectionAsync("nobody", "work")));
    }

    [Fact]
    public async Task Names_of_collections_are_unique_in_a_home()
    {
        await CollectionAsync();
        Assert.Equal(StoreFailureKind.Exists, (await FailAsync(Samples.Collection("anna", "work"))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Samples.Collection("nobody", "work"))).Kind);
        await CollectionAsync("bert");
        await CollectionAsync(name: "Work");
        await CollectionAsync(name: "a");
        Assert.Equal(["Work", "a", "work"], (await AskAsync(s => s.ListCollectionsAsync("anna"))).Select(c => c.Name));
    }

    [Fact]
    public async Task Properties_of_a_collection_change_alone_and_the_others_stay()
    {
        var id = await CollectionAsync();
        var before = await GetCollectionAsync(id);
        var (a, b) = (new PropertyName("urn:x", "a"), new PropertyName("urn:x", "b"));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new UpdateCollection(id + 9, Change(a, "<a/>")))).Kind);
        await ApplyAsync(new UpdateCollection(id, Change(a, "<a/>")));
        await ApplyAsync(new UpdateCollection(id, Change(b, "<b/>")));
        await ReopenAsync();
        var after = await GetCollectionAsync(id);
        Assert.Equal(before.Change + 2, after.Change);
        Assert.Equal(2, after.Properties.Values.Count);
        await ApplyAsync(new UpdateCollection(id, Change(a, null)));
        await ReopenAsync();
        Assert.Equal("<b/>", Assert.Single((await GetCollectionAsync(id)).Properties.Values).Value);
    }

    [Fact]
    public async Task What_is_expected_of_a_collection_or_home_makes_the_batch_one_with_what_was_read()
    {
        var id = await CollectionAsync();
        var (collection, home) = (await GetCollectionAsync(id), await ChangeOfHomeAsync("anna"));
        await ApplyAsync(new ExpectCollection(id, collection.Change), new ExpectHome("anna", home), Samples.Put(id, "a"));
        Assert.Equal(home + 1, await ChangeOfHomeAsync("anna"));
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectCollection(id, collection.Change), Samples.Put(id, "b"))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectHome("anna", home), Samples.Put(id, "b"))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectCollection(id + 9, 0))).Kind);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(new ExpectHome("nobody", 0))).Kind);
        await ApplyAsync(new ExpectHome("anna", home + 1));
        Assert.Equal(home + 1, await ChangeOfHomeAsync("anna"));
    }

    [Fact]
    public async Task A_collection_made_again_shares_nothing_with_its_forerunner()
    {
        var id = await CollectionAsync();
        var first = await GetCollectionAsync(id);
        await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"), new DeleteObject(id, "b"));
        var change = await ChangeOfHomeAsync("anna");
        await ApplyAsync(new DeleteCollection(id));
        Assert.True(await ChangeOfHomeAsync("anna") > change);
        Assert.Equal(0, await UsedAsync("anna"));
        Assert.Null(await FindAsync(id, "a"));
        Assert.Empty(await ListAsync(s => s.ListRowsAsync(id)));
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new DeleteCollection(id))).Kind);
        await ReopenAsync();
        var second = await GetCollectionAsync(await CollectionAsync());
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotEqual(first.Incarnation, second.Incarnation);
        Assert.True(second.Change > change);
        Assert.Empty(await ChangesAsync(second.Id, 1));
        Assert.Null(await FindAsync(second.Id, "a"));
    }

    [Fact]
    public async Task A_collection_moved_to_another_name_is_a_new_one_with_the_members_of_the_old()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "b", "123"), Samples.Put(id, "a", "12"), Samples.Put(id, "gone"), new DeleteObject(id, "gone"));
        await ApplyAsync(new UpdateCollection(id, Change(new PropertyName("urn:x", "a"), "<a/>")));
        var old = await GetCollectionAsync(id);
        var etag = (await FindAsync(id, "a"))!.Row.ETag;
        await ApplyAsync(new MoveCollection(id, "moved"));
        await ReopenAsync();

        var moved = await AskAsync(s => s.FindCollectionAsync("anna", "moved"));
        Assert.NotNull(moved);
        Assert.NotEqual(old.Incarnation, moved.Incarnation);
        Assert.Equal(old.Properties.Values, moved.Properties.Values);
        Assert.Null(await AskAsync(s => s.FindCollectionAsync("anna", old.Name)));
        Assert.Equal(etag, (await FindAsync(moved.Id, "a"))!.Row.ETag);
        Assert.Equal(["b", "a"], (await ListAsync(s => s.ListRowsAsync(moved.Id))).Select(row => row.Name));
        Assert.Equal(["b", "a"], (await ChangesAsync(moved.Id, old.Change)).Select(change => change.Name));
        Assert.Equal(5, await UsedAsync("anna") - HomeUsage.Piece);
        Assert.Equal([old.Name], (await AskAsync(s => s.ListRemovedCollectionsAsync("anna", old.Change))).Select(removed => removed.Name));
        Assert.Empty(await FaultsAsync(Store));

        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(new MoveCollection(id, "other"))).Kind);
        await CollectionAsync(name: "other");
        Assert.Equal(StoreFailureKind.Exists, (await FailAsync(new MoveCollection(moved.Id, "other"))).Kind);
        await ApplyAsync(Samples.Put(moved.Id, "c"));
        Assert.Equal(["c"], (await ChangesAsync(moved.Id, moved.Change)).Select(change => change.Name));
    }

    private static Dictionary<PropertyName, string?> Change(PropertyName name, string? element) => new() { [name] = element };
}
