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
    public static Command Create(CommandScope scope)
    {
        var login = new Argument<string>("LOGIN") { Description = "Who is erased: a practitioner, administrator or user" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = new Command("erase-practitioner", "Erase a person with everything that is theirs, for good") { login, yes };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var person = await FindAsync(open.Store, parsed.GetRequiredValue(login));
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

    private static async Task<Principal> FindAsync(ICalendarStore store, string login)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return (LoginName.Normalise(login) is { } name ? await snapshot.FindPrincipalByLoginAsync(name) : null)
            ?? throw new CommandFailure($"There is nobody with the login '{login}'.", ExitCode.NotFound);
    }

    // once begun it is brought to its end, whether the operator waits or not
    private static async Task EraseAsync(ICalendarStore store, Principal person, Operator by)
    {
        by.Tell("Erasing", 0);
        StoreOperation[] steps;
        using (var snapshot = await store.OpenSnapshotAsync()) steps = await Erasure.OfAsync(snapshot, person, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command);
        await StoreChange.ApplyAsync(store, steps);
        by.Tell("Erasing", 0.2);
        var outcome = await store.ScourAsync();
        if (outcome.Failure is { } failure)
        {
            throw new CommandFailure(failure.Kind switch
            {
                StoreFailureKind.NoSpace => $"{person.Login} was erased; the file could not be written anew, for which the disk needs as much space again: parts of what was erased may be left in it.",
                _ => $"{person.Login} was erased; the log beside the database is in use, and has parts of what was erased until the server is stopped.",
            });
        }

        by.Tell("Erasing", 1);
    }
}
