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
        var login = new Argument<string>("LOGIN") { Description = "Whom to erase: a practitioner, administrator or user" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask for confirmation" };
        var command = new Command("erase-practitioner", "Erase a person and everything that belongs to them, for good") { login, yes };
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
                await parsed.InvocationConfiguration.Output.WriteLineAsync("An interrupted erasure was completed: nothing of what was erased is left in the file. " + (found is null
                    ? $"There is nobody with the login '{asked}'."
                    : $"Somebody has the login '{asked}' again, and was not erased: run the command once more if they should be."));
                return;
            }

            var person = found ?? throw new CommandFailure(
                $"There is nobody with the login '{asked}'.{(marks.Count == 0 ? "" : " Another erasure has not been completed: if it was interrupted, run it again with its own login.")}", ExitCode.NotFound);
            if (!parsed.GetValue(yes)
                && !await scope.Operator.AskAsync($"Erase {person.Login} with all calendars, appointments, app passwords and histories? This cannot be undone."))
                throw new CommandFailure("Nothing was erased: answer yes when asked, or give --yes.");
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
                StoreFailureKind.NoSpace => $"{what} was erased, but the file could not be rewritten: that needs as much free space as the file itself takes. Parts of what was erased may be left in it. Run the command again when there is room.",
                _ => $"{what} was erased, but the log beside the database is in use, and holds parts of what was erased until the server is stopped. Run the command again then.",
            });
        }

        await PurgeMark.ClearAsync(store, marks);
        by.Tell("Erasing", 1);
    }
}
