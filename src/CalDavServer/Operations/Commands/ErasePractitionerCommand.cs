using System.CommandLine;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Operations.Commands;

/// <summary><c>erase-practitioner LOGIN [--yes]</c></summary>
internal static class ErasePractitionerCommand
{
    // in the batch of the erasure, and gone when the file has been written anew: what stops in between is known at the next try
    private static readonly PutRecord ScourDue = new("scour", "store", "due", "{}"u8.ToArray());

    public static Command Create(CommandScope scope)
    {
        var login = new Argument<string>("LOGIN") { Description = "Who is erased: a practitioner, administrator or user" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = new Command("erase-practitioner", "Erase a person with everything that is theirs, for good") { login, yes };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var asked = parsed.GetRequiredValue(login);
            var found = await FindAsync(open.Store, asked);
            if (found is null && await IsScourDueAsync(open.Store))
            {
                await ScourAsync(open.Store, "What was erased before", scope.Operator);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"There is nobody with the login '{asked}'. An erasure that had been interrupted was brought to its end: nothing of what was erased is left in the file.");
                return;
            }

            var person = found ?? throw new CommandFailure($"There is nobody with the login '{asked}'.", ExitCode.NotFound);
            if (!parsed.GetValue(yes)
                && !await scope.Operator.AskAsync($"Erase {person.Login} with all calendars, appointments, app passwords and histories? It cannot be undone."))
                throw new CommandFailure("Nothing was erased: say yes when asked, or give --yes.");
            await EraseAsync(open.Store, person, scope.Operator);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"""
                Erased {person.Login}: calendars, appointments, app passwords, sessions, account, feed, subscription, and the lines of audit logs by or about them. The logs can still be verified.
                Not erased: backups, exports, folders replaced-…, what other people wrote about them, and the practice's ledger, which names people by their ids only. Erase backups made before now.
                """);
        });
        return command;
    }

    private static async Task<Principal?> FindAsync(ICalendarStore store, string login)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return LoginName.Normalise(login) is { } name ? await snapshot.FindPrincipalByLoginAsync(name) : null;
    }

    // once begun it is brought to its end, whether the operator waits or not
    private static async Task EraseAsync(ICalendarStore store, Principal person, Operator by)
    {
        by.Tell("Erasing", 0);
        StoreOperation[] steps;
        using (var snapshot = await store.OpenSnapshotAsync()) steps = await Erasure.OfAsync(snapshot, person, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command);
        await StoreChange.ApplyAsync(store, [.. steps, ScourDue]);
        by.Tell("Erasing", 0.2);
        await ScourAsync(store, person.Login, by);
    }

    private static async Task ScourAsync(ICalendarStore store, string what, Operator by)
    {
        var outcome = await store.ScourAsync();
        if (outcome.Failure is { } failure)
        {
            throw new CommandFailure(failure.Kind switch
            {
                StoreFailureKind.NoSpace => $"{what} was erased; the file could not be written anew, for which the disk needs as much space again: parts of what was erased may be left in it. Give the command again then.",
                _ => $"{what} was erased; the log beside the database is in use, and has parts of what was erased until the server is stopped. Give the command again then.",
            });
        }

        await StoreChange.ApplyAsync(store, new DeleteRecord(ScourDue.Kind, ScourDue.Owner, ScourDue.Id));
        by.Tell("Erasing", 1);
    }

    private static async Task<bool> IsScourDueAsync(ICalendarStore store)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return await snapshot.FindRecordAsync(ScourDue.Kind, ScourDue.Owner, ScourDue.Id) is not null;
    }
}
