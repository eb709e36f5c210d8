using System.CommandLine;
using CalDavServer.Options;
using CalDavServer.Storage;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.People;
using ProviderBridge.Halaxy;

namespace CalDavServer.Commands;

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
            var asked = parsed.GetRequiredValue(login);
            var name = LoginName.Normalise(asked) ?? asked;
            var found = await FindAsync(open.Store, name, cancelled);
            var marks = await PurgeMark.ListAsync(open.Store, cancelled);
            if (marks.Any(mark => PurgeMark.IsOf(mark, name)))
            {
                await PurgeDeletedAsync(open.Store, open.File, "What was erased before", scope.Operator);
                await parsed.InvocationConfiguration.Output.WriteLineAsync("An erasure that had been interrupted was brought to its end: nothing of what was erased is left in the file. " + (found is null
                    ? $"There is nobody with the login '{asked}'."
                    : $"Somebody has the login '{asked}' again, and was not erased: give the command once more if they are to be."));
                return;
            }

            var person = found ?? throw new CommandFailure(
                $"There is nobody with the login '{asked}'.{(marks.Count == 0 ? "" : " Another erasure has not come to its end: if it was interrupted, give it again with its own login.")}", ExitCode.NotFound);
            if (!parsed.GetValue(yes)
                && !await scope.Operator.AskAsync($"Erase {person.Login} with all calendars, appointments, app passwords and histories? It cannot be undone."))
                throw new CommandFailure("Nothing was erased: say yes when asked, or give --yes.");
            await EraseAsync(open.Store, open.File, person, scope.Operator);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"""
                Erased {person.Login}: calendars, appointments, app passwords, sessions, account, feed, subscription, and the lines of audit logs by or about them. The logs can still be verified.
                Not erased: backups, exports, folders replaced-…, what other people wrote about them, and the practice's ledger, which names people by their ids only. Erase backups made before now.
                """);
        });
        return command;
    }

    private static async Task<Principal?> FindAsync(ICalendarStore store, string login, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await snapshot.FindPrincipalByLoginAsync(login);
    }

    // once begun it is brought to its end, whether the operator waits or not
    private static async Task EraseAsync(ICalendarStore store, IStoreMaintenance file, Principal person, Operator by)
    {
        by.Tell("Erasing", 0);
        StoreChange.Check(await Erasure.ApplyAsync(store, person, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command, HalaxyErasure.OfAsync, PurgeMark.Set(person.Login)));
        by.Tell("Erasing", 0.2);
        await PurgeDeletedAsync(store, file, person.Login, by);
    }

    internal static async Task PurgeDeletedAsync(ICalendarStore store, IStoreMaintenance file, string what, Operator by)
    {
        // an erasure that is written after this may come too late for the purge: its mark stays
        var marks = await PurgeMark.ListAsync(store);
        var outcome = await file.PurgeDeletedAsync();
        if (outcome.Failure is { } failure)
        {
            throw new CommandFailure(failure.Kind switch
            {
                StoreFailureKind.NoSpace => $"{what} was erased; the file could not be written anew, for which the disk needs as much space again: parts of what was erased may be left in it. Give the command again then.",
                _ => $"{what} was erased; the log beside the database is in use, and has parts of what was erased until the server is stopped. Give the command again then.",
            });
        }

        await PurgeMark.ClearAsync(store, marks);
        by.Tell("Erasing", 1);
    }
}
