using System.Text;
using CalDavServer.Commands;
using CalDavServer.Options;
using CalDavServer.Storage;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>Erasures that others come in between of, and that stop half-way.</summary>
public sealed class ErasureRaceTests : IAsyncLifetime
{
    private const string Login = "anna@example.org";
    private readonly string _folder = Directory.CreateTempSubdirectory("erase-").FullName;
    private SqliteStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        await OpenAsync();
        await ApplyAsync(Anna("anna"));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task An_email_that_is_sent_or_a_notice_that_goes_meanwhile_does_not_stop_an_erasure()
    {
        await ApplyAsync(WaitingEmail("tried once"));
        await using var racing = new RacingStore(_store) { BeforeApply = () => ApplyAsync(WaitingEmail("tried twice")) };
        using (var before = await OpenSnapshotAsync())
        {
            var outcome = await Erasure.ApplyAsync(racing, (await before.FindPrincipalAsync("anna"))!, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command);
            Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        }

        using var snapshot = await OpenSnapshotAsync();
        Assert.Empty(await snapshot.ListRecordsAsync("credit-email", "emails"));
    }

    [Fact]
    public async Task Each_of_two_erasures_has_a_mark_of_its_own_and_ends_well()
    {
        await ApplyAsync(PurgeMark.Set("one"));
        await using var racing = new RacingStore(_store);

        // another erasure is written after this one's purge
        racing.AfterPurge = () => ApplyAsync(PurgeMark.Set("two"));
        await ErasePractitionerCommand.PurgeDeletedAsync(racing, racing, "It", new LocalOperator(TextWriter.Null));
        Assert.True(PurgeMark.IsOf(Assert.Single(await PurgeMark.ListAsync(_store)), "two"));

        // another erasure ends, and takes the mark of this one along
        racing.AfterPurge = async () => await PurgeMark.ClearAsync(_store, await PurgeMark.ListAsync(_store));
        await ErasePractitionerCommand.PurgeDeletedAsync(racing, racing, "It", new LocalOperator(TextWriter.Null));
        Assert.Empty(await PurgeMark.ListAsync(_store));
    }

    [Fact]
    public async Task An_interrupted_erasure_is_ended_by_its_own_login_only_and_nobody_who_has_that_now_is_erased()
    {
        await ApplyAsync(new ErasePrincipal("anna", []), PurgeMark.Set(Login));

        var mistyped = await EraseAsync("ana@example.org");
        Assert.Equal(ExitCode.NotFound, mistyped.Code);
        Assert.Contains("Another erasure has not been completed", mistyped.Error, StringComparison.Ordinal);
        Assert.Single(await PurgeMark.ListAsync(_store));

        await ApplyAsync(Anna("anna-2"));
        var again = await EraseAsync("Anna@Example.org");
        Assert.True(again.Code == 0, again.Error);
        Assert.Contains("was not erased", again.Output, StringComparison.Ordinal);
        Assert.Empty(await PurgeMark.ListAsync(_store));
        using (var snapshot = await OpenSnapshotAsync()) Assert.NotNull(await snapshot.FindPrincipalAsync("anna-2"));

        Assert.StartsWith("Erased ", (await EraseAsync(Login)).Output, StringComparison.Ordinal);
        Assert.Empty(await PurgeMark.ListAsync(_store));
        Assert.Equal("There is nobody with the login 'anna@example.org'.", (await EraseAsync(Login)).Error.Trim());
    }

    [Fact]
    public async Task A_former_name_that_somebody_else_has_now_is_theirs()
    {
        await ApplyAsync(
            new CreatePrincipal(new Principal("bert", "bert@example.org", "Kim Holm", null, (int)PrincipalRole.Practitioner, "p")),
            new AppendLine(DiaryAudit.Log, "bert", "{\"who\":\"Kim Holm\"}"u8.ToArray(), "uid"),
            new AppendLine(DiaryAudit.Log, "bert", "{\"who\":\"Kim Ibsen\"}"u8.ToArray(), "uid"),
            new ErasePrincipal("anna", [DiaryAudit.Log], ["Kim Holm", "Kim Ibsen"]));
        using var snapshot = await OpenSnapshotAsync();
        Assert.Equal([false, true, false], (await snapshot.ListLinesAsync(DiaryAudit.Log, "bert")).Select(line => line.Erased));
    }

    private static CreatePrincipal Anna(string id) => new(new Principal(id, Login, "Anna", null, (int)PrincipalRole.Practitioner, "p"));

    private static PutRecord WaitingEmail(string text) => new("credit-email", "emails", "p/anna/bert/2026-03-01/7", Encoding.UTF8.GetBytes($"\"{text}\""));

    private async Task<CommandResult> EraseAsync(string login)
    {
        await _store.DisposeAsync();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["erase-practitioner", login, "--yes", "--data", _folder], output, error);
        await OpenAsync();
        return new CommandResult(code, output.ToString(), error.ToString());
    }

    private async Task OpenAsync() => _store = await SqliteStore.OpenAsync(Path.Combine(_folder, "calendar.db"), SystemClock.Instance);

    private ValueTask<IStoreSnapshot> OpenSnapshotAsync() => _store.OpenSnapshotAsync(TestContext.Current.CancellationToken);

    private async Task ApplyAsync(params StoreOperation[] operations)
    {
        var outcome = await _store.ApplyAsync(StoreBatch.Of(operations), TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
    }
}
