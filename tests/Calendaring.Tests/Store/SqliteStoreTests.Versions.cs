using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.Store;

public sealed partial class SqliteStoreTests
{
    [Fact]
    public async Task A_file_of_the_first_version_keeps_its_collections_and_each_gets_a_change_number_of_its_own()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        using (var connection = Connection.Open(path, writable: true, create: true))
        {
            Schema.Migrate(connection, 1);
            connection.Execute(
                """
                INSERT INTO principals VALUES ('anna', 'anna@example.org', 'Anna', NULL, 0, NULL, NULL), ('bert', 'bert@example.org', 'Bert', NULL, 0, NULL, NULL);
                INSERT INTO homes VALUES ('anna', 12, 0), ('bert', 3, 0);
                INSERT INTO collections VALUES (1, 'anna', 'a', 0, 'VEVENT', 'i1', 0, NULL), (2, 'bert', 'b', 0, 'VEVENT', 'i2', 0, NULL), (3, 'anna', 'c', 0, 'VEVENT', 'i3', 0, NULL);
                INSERT INTO collection_changes VALUES (1, 12, 0), (2, 3, 0), (3, 7, 5);
                INSERT INTO tombstones VALUES (1, 'gone', 12, 0);
                """);
        }

        await using var store = await SqliteStore.OpenAsync(path, Clock);
        Assert.Empty(await store.CheckAsync());
        using var snapshot = await store.OpenSnapshotAsync();
        var (a, c) = ((await snapshot.FindCollectionAsync(1))!, (await snapshot.FindCollectionAsync(3))!);
        Assert.Equal((13, 13, 0), (a.Change, a.DescribedAt, a.ReplacedAt));
        Assert.Equal((14, 14, 0), (c.Change, c.DescribedAt, c.ReplacedAt));
        Assert.Equal(5, await snapshot.OldestSyncAsync(3));
        var (anna, bert) = (await snapshot.GetHomeAsync("anna"), await snapshot.GetHomeAsync("bert"));
        Assert.Equal((14, 14), (anna.Change, anna.OldestSync));
        Assert.Equal((4, 4), (bert.Change, bert.OldestSync));
        Assert.Equal(16, anna.Incarnation.Length);
        Assert.NotEqual(anna.Incarnation, bert.Incarnation);
        Assert.Equal("gone", Assert.Single(await snapshot.ListChangesAsync(1, 11).ToListAsync()).Name);
    }

    [Fact]
    public async Task Histories_that_were_records_are_chained_lines_afterwards_and_other_records_stay()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        using (var connection = Connection.Open(path, writable: true, create: true))
        {
            Schema.Migrate(connection, 3);
            connection.Execute(
                """
                INSERT INTO records VALUES ('audit', 'anna', '02', 2, CAST('{"who":"b","appointmentId":"x"}' AS BLOB)), ('audit', 'anna', '01', 1, CAST('{"who":"a"}' AS BLOB)),
                    ('audit', 'bert', '01', 3, CAST('not JSON' AS BLOB)), ('practice', 'practices', 'p', 4, CAST('{}' AS BLOB));
                UPDATE meta SET record_version = 4;
                """);
        }

        await using var store = await SqliteStore.OpenAsync(path, Clock);
        Assert.Empty(await store.CheckAsync());
        using var snapshot = await store.OpenSnapshotAsync();
        var anna = await snapshot.ListLinesAsync("audit", "anna");
        Assert.Equal([(1L, """{"who":"a"}"""), (2L, """{"who":"b","appointmentId":"x"}""")], anna.Take(2).Select(Read));
        Assert.Empty(LogStatement.Read(anna[2])!.Erased);
        Assert.Equal([null, "x", null], anna.Select(line => line.Subject));
        Assert.Equal((1L, "not JSON"), Read((await snapshot.ListLinesAsync("audit", "bert"))[0]));
        Assert.Empty(await snapshot.ListRecordsAsync("audit", "anna"));
        Assert.NotNull(await snapshot.FindRecordAsync("practice", "practices", "p"));
    }

    [Fact]
    public async Task Properties_of_an_earlier_version_belong_to_the_highest_level_of_the_app_passwords_and_names_to_all()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        using (var connection = Connection.Open(path, writable: true, create: true))
        {
            Schema.Migrate(connection, 9);
            connection.Execute(
                """
                INSERT INTO principals (id, login, display_name, role, properties, home_properties) VALUES
                    ('anna', 'anna@example.org', 'Anna', 0, CAST('[["urn:x","own","<own/>"]]' AS BLOB), CAST('[["urn:x","home","<höme/>"]]' AS BLOB)), ('bert', 'bert@example.org', 'Bert', 0, NULL, NULL);
                INSERT INTO homes (principal_id, change, size, incarnation, swept) VALUES ('anna', 12, 15, 'i', 0), ('bert', 3, 2, 'i', 0);
                INSERT INTO credentials (principal_id, id, label, secret_kind, secret_hash, read_only, privacy_level, created) VALUES ('anna', 'c1', '', 0, '', 0, 'Busy', 0), ('anna', 'c2', '', 0, '', 0, 'Initials', 0);
                INSERT INTO collections (id, principal_id, name, kind, components, incarnation, created, properties) VALUES
                    (1, 'anna', 'a', 0, 'VEVENT', 'i1', 0, CAST('[["DAV:","displayname","<n/>"],["urn:x","b","<b/>"]]' AS BLOB)), (2, 'anna', 'hx', 1, 'VEVENT', 'i2', 0, CAST('[["","not started","<h/>"],["urn:x","c","<c/>"]]' AS BLOB)),
                    (3, 'bert', 'b', 0, 'VEVENT', 'i3', 0, CAST('[["urn:x","d","<d/>"]]' AS BLOB));
                INSERT INTO collection_changes (collection_id, change, swept, described, replaced, modified) VALUES (1, 12, 0, 1, 0, 0), (2, 12, 0, 2, 0, 0), (3, 3, 0, 1, 0, 0);
                INSERT INTO objects (id, collection_id, name, uid, etag, size, component, span, recurring, published, change, created, modified, properties, details) VALUES
                    (1, 1, 'own', 'u1', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 3, 0, 0, CAST('[["urn:x","o","<o/>"]]' AS BLOB), NULL),
                    (2, 2, 'patient', 'u2', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 4, 0, 0, NULL, CAST('{"kind":"Patient","writtenAt":"Busy"}' AS BLOB)),
                    (3, 2, 'diary', 'u3', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 0, 5, 0, 0, CAST('[["urn:x","p","<p/>"]]' AS BLOB), CAST('{"kind":"Personal"}' AS BLOB)),
                    (4, 2, 'device', 'u4', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 6, 0, 0, NULL, CAST('{"kind":"Personal","origin":"x","writtenAt":"Type"}' AS BLOB)),
                    (5, 2, 'unknown', 'u5', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 7, 0, 0, NULL, NULL),
                    (6, 3, 'own', 'u1', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 2, 0, 0, NULL, NULL);
                INSERT INTO bodies SELECT id, CAST('0' AS BLOB) FROM objects;
                """.Replace("SPAN", Spans.Of(null, null).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        await using var store = await SqliteStore.OpenAsync(path, Clock);
        Assert.Empty(await store.CheckAsync());
        using var snapshot = await store.OpenSnapshotAsync();
        var (a, hx, b) = ((await snapshot.FindCollectionAsync(1))!, (await snapshot.FindCollectionAsync(2))!, (await snapshot.FindCollectionAsync(3))!);
        Assert.Equal("<n/>", Assert.Single(a.Properties.Values).Value);
        Assert.Equal("<h/>", Assert.Single(hx.Properties.Values).Value);
        Assert.Empty(b.Properties.Values);
        async Task<string> ReadAsync(PropertyTarget target, int level) => string.Join(' ', (await snapshot.ReadPropertiesAsync(target, level)).Values.Values.Order(StringComparer.Ordinal));
        Assert.Equal(("<n/>", "<b/> <n/>"), (await ReadAsync(PropertyTarget.Of(a), 1), await ReadAsync(PropertyTarget.Of(a), 2)));
        Assert.Equal(("", "<own/>", "<höme/>"), (await ReadAsync(PropertyTarget.Of("anna", PrincipalPart.Principal), 1), await ReadAsync(PropertyTarget.Of("anna", PrincipalPart.Principal), 2), await ReadAsync(PropertyTarget.Of("anna", PrincipalPart.Home), 2)));
        Assert.Equal(("", "<d/>"), (await ReadAsync(PropertyTarget.Of(b), 3), await ReadAsync(PropertyTarget.Of(b), 4)));
        Assert.Equal(("<o/>", ""), (await ReadAsync(PropertyTarget.Of(a, "own"), 2), await ReadAsync(PropertyTarget.Of(hx, "diary"), 4)));
        async Task<int> LevelAsync(long id, string name) => (await snapshot.FindRowAsync(id, name))!.Level;
        Assert.Equal((2, 4, 0, 1, 4, 4), (await LevelAsync(1, "own"), await LevelAsync(2, "patient"), await LevelAsync(2, "diary"), await LevelAsync(2, "device"), await LevelAsync(2, "unknown"), await LevelAsync(3, "own")));
    }

    [Fact]
    public async Task Groups_kinds_and_levels_of_an_earlier_version_stay_under_other_names_and_the_kind_of_an_object_is_read_from_its_document()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        using (var connection = Connection.Open(path, writable: true, create: true))
        {
            Schema.Migrate(connection, 11);
            connection.Execute(
                """
                INSERT INTO principals (id, login, display_name, role, practice_id) VALUES ('anna', 'anna@example.org', 'Anna', 1, 'g'), ('bert', 'bert@example.org', 'Bert', 2, NULL);
                INSERT INTO homes (principal_id, change, incarnation, swept) VALUES ('anna', 12, 'i', 0), ('bert', 0, 'i', 0);
                INSERT INTO credentials (principal_id, id, label, secret_kind, secret_hash, read_only, privacy_level, created) VALUES ('anna', 'c1', 'phone', 0, 'h', 1, 'Initials', 0);
                INSERT INTO collections (id, principal_id, name, kind, components, incarnation, created) VALUES (1, 'anna', 'hx', 1, 'VEVENT', 'i1', 0);
                INSERT INTO collection_changes (collection_id, change, swept, described, replaced, modified) VALUES (1, 12, 0, 1, 0, 0);
                INSERT INTO objects (id, collection_id, name, uid, etag, size, component, span, recurring, published, change, created, modified, level, details) VALUES
                    (1, 1, 'patient', 'u1', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 3, 0, 0, 4, CAST('{"kind":"Patient","type":"é"}' AS BLOB)),
                    (2, 1, 'personal', 'u2', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 4, 0, 0, 4, CAST('{"kind":"Personal","type":"{\"kind\":\"Patient\""}' AS BLOB)),
                    (3, 1, 'none', 'u3', '5feceb66ffc86f38d952786c6d696c79', 1, 'VEVENT', SPAN, 0, 1, 5, 0, 0, 4, NULL);
                INSERT INTO bodies SELECT id, CAST('0' AS BLOB) FROM objects;
                INSERT INTO usage VALUES ('anna', 4, 3, 3, 0);
                INSERT INTO records VALUES ('untaken-edit', 'anna', 'e', 1, CAST('{}' AS BLOB), NULL), ('scour', 'store', 'm', 2, CAST('{}' AS BLOB), NULL), ('credit-letter', 'letters', 'c', 3, CAST('{}' AS BLOB), 0),
                    ('practice', 'practices', 'g', 4, CAST('{"billing":true}' AS BLOB), NULL), ('practice', 'practices', 'free', 5, CAST('{}' AS BLOB), NULL), ('practice', 'practices', 'damaged', 6, CAST('{"bill' AS BLOB), NULL);
                UPDATE meta SET record_version = 6;
                """.Replace("SPAN", Spans.Of(null, null).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        await using var store = await SqliteStore.OpenAsync(path, Clock);
        Assert.Empty(await store.CheckAsync());
        using var snapshot = await store.OpenSnapshotAsync();
        Assert.Equal([("anna", 1, "g"), ("bert", 2, null)], (await snapshot.ListPrincipalsAsync()).Select(person => (person.Id, person.Kind, person.GroupId)));
        Assert.Equal("anna", Assert.Single(await snapshot.ListPrincipalsAsync("g")).Id);
        Assert.Equal(("Initials", true), (await snapshot.ListCredentialsAsync("anna")) is [var phone] ? (phone.LevelName, phone.ReadOnly) : default);
        var rows = await snapshot.ListRowsAsync(1).ToListAsync();
        Assert.Equal([("patient", (int?)1), ("personal", 0), ("none", null)], rows.Select(row => (row.Name, row.Details?.Kind)));
        Assert.Equal("""{"kind":"Patient","type":"é"}""", System.Text.Encoding.UTF8.GetString(rows[0].Details!.Value.Document.Span));
        Assert.Equal("0"u8.ToArray(), (await snapshot.FindObjectAsync(1, "patient"))!.Bytes.ToArray());
        Assert.NotNull(await snapshot.FindRecordAsync("rejected-edit", "anna", "e"));
        Assert.NotNull(await snapshot.FindRecordAsync("purge", "store", "m"));
        Assert.Equal("c", Assert.Single(await snapshot.ListDueRecordsAsync("credit-email", Instant.FromUnixTimeTicks(0))).Id);
        Assert.Equal("g", Assert.Single(await snapshot.ListDueRecordsAsync("renewal", Instant.FromUnixTimeTicks(0))).Owner);
    }

    [Fact]
    public async Task Links_of_an_earlier_version_that_nothing_reads_are_removed()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        using (var connection = Connection.Open(path, writable: true, create: true))
        {
            Schema.Migrate(connection, 6);
            connection.Execute("INSERT INTO records VALUES ('one-time-link', 'anna', 'l', 1, CAST('{}' AS BLOB)), ('one-time-links', 'anna', 'one-time-links', 2, CAST('{}' AS BLOB)); UPDATE meta SET record_version = 2;");
        }

        await using var store = await SqliteStore.OpenAsync(path, Clock);
        Assert.Empty(await store.CheckAsync());
        using var snapshot = await store.OpenSnapshotAsync();
        Assert.Empty(await snapshot.ListRecordsAsync("one-time-link", "anna"));
        Assert.Single(await snapshot.ListRecordsAsync("one-time-links", "anna"));
    }

    [Theory]
    [InlineData("UPDATE lines SET document = CAST('tw0' AS BLOB) WHERE number = 2")]
    [InlineData("UPDATE lines SET number = 7 WHERE number = 2")]
    [InlineData("UPDATE lines SET hash = digest WHERE number = 2")]
    [InlineData("UPDATE lines SET subject = 'y'")]
    [InlineData("DELETE FROM lines WHERE number = 3")]
    public async Task The_file_itself_refuses_to_change_or_remove_a_line(string change)
    {
        await ApplyAsync(Line("one"), Line("two"), Line("three"));
        Assert.Throws<InvalidOperationException>(() => Alter(change));
        Assert.Equal(["one", "two", "three"], (await LinesAsync()).Select(line => Read(line).Text));
    }

    [Theory]
    [InlineData("UPDATE lines SET document = CAST('tw0' AS BLOB) WHERE number = 2", 2)]
    [InlineData("DELETE FROM lines WHERE number = 1", 1)]
    [InlineData("DELETE FROM lines WHERE number = 2", 2)]
    [InlineData("UPDATE lines SET digest = zeroblob(32), document = NULL WHERE number = 2", 2)]
    [InlineData("UPDATE lines SET hash = zeroblob(32) WHERE number = 3", 3)]
    [InlineData("UPDATE lines SET document = NULL WHERE number = 2", 2)]
    [InlineData("UPDATE lines SET document = NULL WHERE log_id = 1", 1)]
    public async Task A_line_that_was_changed_or_taken_away_all_the_same_is_found_by_the_check(string change, int number)
    {
        await ApplyAsync(Line("one"), Line("two"), Line("three"), Line("other", owner: "bert"));
        await Store.DisposeAsync();
        var whole = await File.ReadAllBytesAsync(FilePath);
        Alter("DROP TRIGGER lines_are_never_removed; DROP TRIGGER lines_are_only_erased; " + change);
        await ReopenAsync();
        var fault = Assert.Single(await FaultsAsync(Store));
        Assert.StartsWith($"Line {number} of log 1 ", fault, StringComparison.Ordinal);
        await Store.DisposeAsync();
        File.Delete(FilePath + "-wal");
        await File.WriteAllBytesAsync(FilePath, whole);
        await ReopenAsync();
    }

    [Theory]
    [InlineData("UPDATE logs SET owner = 'carl' WHERE owner = 'anna'")]
    [InlineData("UPDATE logs SET name = 'other' WHERE owner = 'anna'")]
    [InlineData("UPDATE logs SET owner = 'erased-0123456789abcdef' WHERE owner = 'anna'")]
    public async Task A_log_that_was_given_to_somebody_else_is_found_by_the_check(string change)
    {
        await ApplyAsync(Line("one", owner: "bert"), Line("two"), Line("three"));
        await Store.DisposeAsync();
        Alter(change);
        await ReopenAsync();
        Assert.Contains("has another name or owner", Assert.Single(await FaultsAsync(Store)), StringComparison.Ordinal);
        Alter("UPDATE logs SET owner = 'anna', name = 'log' WHERE id = 2");
    }

    [Fact]
    public async Task A_log_of_before_its_owner_was_chained_is_whole_and_says_whose_it_is_from_then_on()
    {
        var path = Path.Combine(_folder.FullName, "older.db");
        using (var connection = Connection.Open(path, writable: true, create: true))
        {
            Schema.Migrate(connection, 3);
            connection.Execute("INSERT INTO records VALUES ('audit', 'anna', '01', 1, CAST('{}' AS BLOB)), ('audit', 'anna', '02', 2, CAST('{}' AS BLOB)); UPDATE meta SET record_version = 2");
            Schema.Migrate(connection, 7);
            connection.Execute("UPDATE lines SET document = NULL WHERE number = 1");
        }

        await using (var store = await SqliteStore.OpenAsync(path, Clock))
        {
            Assert.Empty(await store.CheckAsync());
            using var snapshot = await store.OpenSnapshotAsync();
            Assert.Equal([(1L, 1L)], LogStatement.Read((await snapshot.ListLinesAsync("audit", "anna"))[^1])!.Erased);
        }

        using (var connection = Connection.Open(path, writable: true)) connection.Execute("UPDATE lines SET document = NULL WHERE number = 2");
        await using (var store = await SqliteStore.OpenAsync(path, Clock)) Assert.StartsWith("Line 2 ", Assert.Single(await store.CheckAsync()), StringComparison.Ordinal);
        using (var connection = Connection.Open(path, writable: true)) connection.Execute("UPDATE logs SET owner = 'bert'");
        await using (var store = await SqliteStore.OpenAsync(path, Clock)) Assert.Single(await store.CheckAsync());
    }

    [Fact]
    public async Task Nobody_but_the_store_says_that_lines_were_erased()
    {
        var forged = new AppendLine("log", "anna", Samples.Bytes("""{"chain":1,"of":"","erased":[[1,9]]}"""));
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(forged)).Kind);
    }

    [Fact]
    public async Task Who_waits_for_a_reader_in_vain_is_told_so_in_bounded_time_and_a_free_place_goes_to_who_waits()
    {
        var path = Path.Combine(_folder.FullName, "other.db");
        await using var store = await SqliteStore.OpenAsync(path, Clock, new SqliteStoreOptions { Readers = 2, ReaderPatience = Duration.FromMilliseconds(50) });
        using (await store.OpenSnapshotAsync())
        using (await store.OpenSnapshotAsync())
        {
            Assert.Equal(StoreFailureKind.Busy, (await Assert.ThrowsAsync<StoreException>(async () => await store.OpenSnapshotAsync())).Kind);
        }

        using (await store.OpenSnapshotAsync())
        using (await store.OpenSnapshotAsync())
        {
            // both places were given back, and none was taken by the one that waited in vain
        }
    }
}
