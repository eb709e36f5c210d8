using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CalDavServer.Commands;
using CalDavServer.Commands.Exports;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Feeds;
using Practice.People;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed class EraseAndExportTests
{
    private const string Marker = PopulatedServer.Marker;

    [Fact]
    public async Task Of_a_person_who_is_erased_while_the_server_serves_no_byte_is_left()
    {
        await using var program = new ServerProgram();
        await using var server = await PopulatedServer.StartAsync(program);
        server.BeginTraffic();
        Assert.Contains("calendar.db", FilesWith(program.Data, Marker));
        var unsure = await program.RunAsync("erase-practitioner", PopulatedServer.Login);
        Assert.Equal(1, unsure.Code);
        Assert.Equal(200, (await server.GetAsync(PopulatedServer.Login, $"{PopulatedServer.Calendar(Marker + "-id")}{Marker}-1.ics")).Status);

        var erased = await program.RunAsync("erase-practitioner", PopulatedServer.Login, "--yes");

        Assert.True(erased.Code == 0, erased.Error);
        Assert.Contains("backups", erased.Output, StringComparison.Ordinal);
        Assert.True(await server.EndTrafficAsync() > 0);
        Assert.Empty(FilesWith(program.Data, Marker));
        // so long a caller is taken without asking the store (CallerCache)
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(401, (await server.GetAsync(PopulatedServer.Login, PopulatedServer.Calendar(Marker + "-id"))).Status);
        Assert.Contains("Kept by Bob", (await server.GetAsync("bob@example.org", PopulatedServer.Calendar("bob") + "kept.ics")).Text, StringComparison.Ordinal);
        Assert.Equal(0, (await program.RunAsync("check")).Code);
        Assert.Equal(3, (await program.RunAsync("erase-practitioner", PopulatedServer.Login, "--yes")).Code);
        Assert.Equal(0, await ServerProgram.StopAsync(server.Running));
        Assert.Empty(FilesWith(program.Data, Marker));
        Assert.Equal(0, (await program.RunAsync("check")).Code);
    }

    [Fact]
    public async Task Records_and_lines_about_a_person_are_erased_and_every_chain_still_holds()
    {
        var folder = Directory.CreateTempSubdirectory("erase-").FullName;
        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder, "calendar.db"), SystemClock.Instance))
        {
            var document = Encoding.UTF8.GetBytes($"{{\"name\":\"{Marker}\"}}");
            var mention = Encoding.UTF8.GetBytes($"{{\"who\":\"{Marker}\",\"personId\":\"anna\"}}");
            await store.ApplyAsync(
                StoreBatch.Of(
                    new CreatePrincipal(new Principal("anna", "anna@example.org", Marker, null, (int)PrincipalRole.Practitioner, "p")),
                    new CreatePrincipal(new Principal("annabel", "annabel@example.org", "Annabel", null, (int)PrincipalRole.Practitioner, "p")),
                    new PutRecord("session", "anna", "s", document),
                    (new Account(null, default) { Passkeys = [new Passkey(Marker, "key", Marker, default, 0)] }).Put("anna"),
                    SecurityEvent.Note("anna", SystemClock.Instance.GetCurrentInstant(), AuditActor.Server, AuditAction.PasskeyAdded, Marker).Single(),
                    new PutRecord("subscription", "p", "anna", document),
                    new PutRecord("session", "annabel", "s", "kept"u8.ToArray()),
                    new AppendLine(DiaryAudit.Log, "anna", document, "uid"),
                    new AppendLine(PracticeAudit.Log, "p", document, "anna"),
                    new AppendLine(PracticeAudit.Log, "p", mention, "annabel"),
                    new AppendLine(PracticeAudit.Log, "p", "kept"u8.ToArray(), "annabel"),
                    new AppendLine("credits", "p", "{\"personId\":\"anna\"}"u8.ToArray())),
                TestContext.Current.CancellationToken);
            Assert.NotEmpty(FilesWith(folder, Marker));

            Assert.True((await store.ApplyAsync(StoreBatch.Of(new ErasePrincipal("anna", [DiaryAudit.Log, PracticeAudit.Log])), TestContext.Current.CancellationToken)).Succeeded);
            Assert.True((await store.PurgeDeletedAsync(TestContext.Current.CancellationToken)).Succeeded);

            Assert.Empty(FilesWith(folder, Marker));
            Assert.Empty(await store.CheckAsync(cancellationToken: TestContext.Current.CancellationToken));
            using var snapshot = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            Assert.Null(await snapshot.FindPrincipalAsync("anna"));
            Assert.Equal("annabel", Assert.Single(await snapshot.ListPrincipalsAsync("p")).Id);
            Assert.NotNull(await snapshot.FindRecordAsync("session", "annabel", "s"));
            Assert.Null(await snapshot.FindRecordAsync("subscription", "p", "anna"));
            Assert.Equal([true, true, false, false], (await snapshot.ListLinesAsync(PracticeAudit.Log, "p")).Select(line => line.Erased));
            Assert.Equal([(1L, 2L)], LogStatement.Read((await snapshot.ListLinesAsync(PracticeAudit.Log, "p"))[^1])!.Erased);
            Assert.False(Assert.Single(await snapshot.ListLinesAsync("credits", "p")).Erased);
            Assert.Equal(
                StoreFailureKind.NotFound,
                (await store.ApplyAsync(StoreBatch.Of(new ErasePrincipal("anna", [])), TestContext.Current.CancellationToken)).Failure!.Kind);
        }

        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task Who_a_person_is_in_Halaxy_is_erased_with_them()
    {
        var folder = Directory.CreateTempSubdirectory("erase-").FullName;
        var cancelled = TestContext.Current.CancellationToken;
        var connection = new HalaxyConnection("p", HalaxyKey.Au, "client", "", default)
        {
            State = HalaxyState.Disconnected,
            Matches = [new HalaxyMatch("anna", "PR-1"), new HalaxyMatch("bert", "PR-2")],
            Roles = [new HalaxyRole("PR-11", "PR-1", Marker, "Harbour"), new HalaxyRole("PR-12", "PR-2", "Bert Ito", "Harbour")],
        };
        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder, "calendar.db"), SystemClock.Instance))
        {
            await store.ApplyAsync(
                StoreBatch.Of(
                    new CreatePrincipal(new Principal("anna", "anna@example.org", "Anna", null, (int)PrincipalRole.Practitioner, "p")),
                    new CreatePrincipal(new Principal("bert", "bert@example.org", "Bert", null, (int)PrincipalRole.Practitioner, "p")),
                    connection.Put()),
                cancelled);
        }

        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.True(await CommandLine.RunAsync(["erase-practitioner", "anna@example.org", "--yes", "--data", folder], output, error) == 0, error.ToString());

        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder, "calendar.db"), SystemClock.Instance))
        {
            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            var left = (await HalaxyConnection.FindAsync(snapshot, "p"))!;
            Assert.Equal([new HalaxyMatch("bert", "PR-2")], left.Matches);
            Assert.Equal(["", "Bert Ito"], left.Roles.Select(role => role.Practitioner));
        }

        Assert.Empty(FilesWith(folder, Marker));
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task Feed_addresses_notices_and_lines_without_an_id_are_erased_and_the_practice_knows_that_somebody_was()
    {
        var folder = Directory.CreateTempSubdirectory("erase-").FullName;
        var cancelled = TestContext.Current.CancellationToken;
        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder, "calendar.db"), SystemClock.Instance))
        {
            var id = Marker + "-id";
            var person = new Principal(id, "anna@example.org", Marker + " Näme", null, (int)PrincipalRole.Practitioner, "p");
            await store.ApplyAsync(
                StoreBatch.Of(
                    new CreatePrincipal(person),
                    new CreatePrincipal(new Principal("bert", "bert@example.org", "Bert", null, (int)PrincipalRole.Practitioner, "p")),
                    new PutRecord("credit-notice", "p", $"{id} 2026-03-01 7", Notice(id)),
                    new PutRecord("credit-notice", "p", "bert 2026-03-01 7", Notice("bert")),
                    new AppendLine(DiaryAudit.Log, id, "{}"u8.ToArray(), "uid"),
                    new AppendLine(DiaryAudit.Log, "bert", Encoding.UTF8.GetBytes($"{{\"who\":\"{Marker} N\\u00E4me\"}}"), "uid"),
                    new AppendLine(DiaryAudit.Log, "bert", "{\"who\":\"Bert\"}"u8.ToArray(), "uid"),
                    new AppendLine(DiaryAudit.Log, "bert", "not JSON"u8.ToArray(), "uid")),
                cancelled);
            var feeds = new FeedBook(store, SystemClock.Instance);
            Assert.True(await feeds.SetAddressAsync(person, null, "one", "x", PrivacyLevel.Busy, AuditActor.OnPages(person, "session")));
            Assert.True(await feeds.SetAddressAsync(person, await feeds.FindAsync(person.Id), "two", "x", PrivacyLevel.Busy, AuditActor.OnPages(person, "session")));

            StoreOperation[] steps;
            using (var before = await store.OpenSnapshotAsync(cancelled)) steps = await Erasure.OfAsync(before, person, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command);
            Assert.True((await store.ApplyAsync(new StoreBatch(steps), cancelled)).Succeeded);
            Assert.True((await store.PurgeDeletedAsync(cancelled)).Succeeded);

            Assert.Empty(FilesWith(folder, Marker));
            Assert.Empty(await store.CheckAsync(cancellationToken: cancelled));
            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            foreach (var address in (string[])["one", "two"])
            {
                var kept = await FeedAddress.FindAsync(snapshot, address);
                Assert.NotNull(kept?.Ended);
                Assert.Empty(kept.PractitionerId);
            }

            Assert.Equal("bert 2026-03-01 7", Assert.Single(await snapshot.ListRecordsAsync("credit-notice", "p")).Id);
            Assert.Equal([true, false, false, false], (await snapshot.ListLinesAsync(DiaryAudit.Log, "bert")).Select(line => line.Erased));
            var said = Encoding.UTF8.GetString(Assert.Single(await snapshot.ListLinesAsync(PracticeAudit.Log, "p"), line => !line.Erased && LogStatement.Read(line) is null).Document.Span);
            Assert.Contains("erased", said, StringComparison.OrdinalIgnoreCase);
        }

        Directory.Delete(folder, true);

        static byte[] Notice(string id) =>
            Encoding.UTF8.GetBytes($"{{\"at\":\"2026-02-22T00:00:00Z\",\"practitionerId\":\"{id}\",\"due\":\"2026-03-01\",\"daysBefore\":7,\"missing\":1}}");
    }

    [Fact]
    public async Task Of_a_person_who_has_had_another_name_that_is_erased_too()
    {
        var folder = Directory.CreateTempSubdirectory("erase-").FullName;
        var cancelled = TestContext.Current.CancellationToken;
        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder, "calendar.db"), SystemClock.Instance))
        {
            var person = new Principal("anna", "anna@example.org", Marker, null, (int)PrincipalRole.Practitioner, "p");
            await store.ApplyAsync(
                StoreBatch.Of(
                    new CreatePrincipal(person),
                    new CreatePrincipal(new Principal("bert", "bert@example.org", "Bert", null, (int)PrincipalRole.Practitioner, "p")),
                    new AppendLine(DiaryAudit.Log, "bert", Encoding.UTF8.GetBytes($"{{\"who\":\"{Marker}\"}}"), "uid"),
                    new AppendLine(DiaryAudit.Log, "bert", "{\"who\":\"Bert\"}"u8.ToArray(), "uid")),
                cancelled);
            var people = new PracticePeople(store, SystemClock.Instance);
            await people.EditAsync("p", AuditActor.OnPages(person, "session"), "anna", $"{Marker} Ibsen", null);
            await people.EditAsync("p", AuditActor.OnPages(person, "session"), "anna", "Anna Holm", null);

            StoreOperation[] steps;
            using (var before = await store.OpenSnapshotAsync(cancelled)) steps = await Erasure.OfAsync(before, (await before.FindPrincipalAsync("anna"))!, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command);
            Assert.True((await store.ApplyAsync(new StoreBatch(steps), cancelled)).Succeeded);
            Assert.True((await store.PurgeDeletedAsync(cancelled)).Succeeded);
            Assert.Empty(FilesWith(folder, Marker));
            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            Assert.Equal([true, false, false], (await snapshot.ListLinesAsync(DiaryAudit.Log, "bert")).Select(line => line.Erased));
        }

        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public async Task Names_that_are_alike_or_nothing_but_an_ending_are_files_of_their_own(string target)
    {
        await using var server = await TestServer.StartAsync();
        var person = await server.AddPersonAsync("alice@example.com");
        using var client = server.Client(person);
        foreach (var name in (string[])[".ics", "a", "a.ics", "A.ics"])
            Assert.Equal(201, (await client.PutAsync(client.Calendar("home") + name, Events.Event("uid" + name, "x"))).Status);
        var folder = Directory.CreateTempSubdirectory("export-").FullName;
        using (var snapshot = await server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            await using var files = ExportFiles.Create(Path.Combine(folder, target));
            await new Export(snapshot, files, new Progress<double>()).WriteAsync((await snapshot.FindPrincipalByLoginAsync("alice@example.com"))!, TestContext.Current.CancellationToken);
            files.Complete();
        }

        if (target.EndsWith(".zip", StringComparison.Ordinal)) ZipFile.ExtractToDirectory(Path.Combine(folder, target), Path.Combine(folder, "out"));
        var written = Directory.GetFiles(Path.Combine(folder, "out", "calendars", "home")).Select(file => Path.GetFileName(file)).ToList();
        Assert.Equal(4, written.Count);
        Assert.Contains("a.ics", written);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task A_file_is_not_purged_while_a_snapshot_stays_open_and_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("purge-").FullName;
        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder, "calendar.db"), SystemClock.Instance))
        {
            await store.ApplyAsync(StoreBatch.Of(new PutRecord("k", "o", "i", "x"u8.ToArray())), TestContext.Current.CancellationToken);
            using var open = await store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(await open.FindRecordAsync("k", "o", "i"));
            var outcome = await store.PurgeDeletedAsync(TestContext.Current.CancellationToken);
            Assert.Equal(StoreFailureKind.Busy, outcome.Failure!.Kind);
            Assert.True((await store.ApplyAsync(StoreBatch.Of(new PutRecord("k", "o", "j", "x"u8.ToArray())), TestContext.Current.CancellationToken)).Succeeded);
        }

        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public async Task An_export_has_every_object_byte_by_byte_and_the_details_beside(string target)
    {
        await using var program = new ServerProgram();
        await using var server = await PopulatedServer.StartAsync(program);
        server.BeginTraffic();

        var exported = await program.RunAsync("export", PopulatedServer.Login, target);

        Assert.True(exported.Code == 0, exported.Error);
        Assert.True(await server.EndTrafficAsync() > 0);
        var folder = Path.Combine(program.Folder, "out");
        if (target.EndsWith(".zip", StringComparison.Ordinal)) ZipFile.ExtractToDirectory(Path.Combine(program.Folder, target), folder);
        var calendar = Path.Combine(folder, "calendars", "calendar");
        Assert.Equal(60, Directory.GetFiles(calendar).Length);
        Assert.Equal(
            (await server.GetAsync(PopulatedServer.Login, $"{PopulatedServer.Calendar(Marker + "-id")}{Marker}-7.ics")).Text,
            File.ReadAllText(Path.Combine(calendar, $"{Marker}-7.ics")));
        using var details = JsonDocument.Parse(File.ReadAllText(calendar + ".json"));
        Assert.Equal(60, details.RootElement.GetProperty("objects").GetArrayLength());
        Assert.DoesNotContain("Bob", string.Concat(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText)), StringComparison.Ordinal);
        Assert.Equal(1, (await program.RunAsync("export", PopulatedServer.Login, target)).Code);
        Assert.Equal(3, (await program.RunAsync("export", "nobody@example.org", "other")).Code);
        Assert.Equal(3, (await program.RunAsync("export", PopulatedServer.Login, "nowhere/out")).Code);
        Assert.Empty(Directory.GetFileSystemEntries(program.Folder, "*.partial"));
    }

    /// <summary>The names of the files that have a word in them.</summary>
    private static List<string> FilesWith(string folder, string word) =>
    [
        .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".sock", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal))
            .Where(file => Has(file, word))
            .Select(file => Path.GetFileName(file)),
    ];

    private static bool Has(string file, string word)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0;
    }
}
