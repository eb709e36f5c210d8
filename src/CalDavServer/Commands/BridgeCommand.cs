using System.CommandLine;
using CalDavServer.Options;
using Calendaring.Store;
using NodaTime;
using NodaTime.Text;
using ProviderBridge.Sync;

namespace CalDavServer.Commands;

/// <summary><c>bridge status</c>, <c>bridge resync LINK</c>, <c>bridge verify LINK</c>: links to outside calendars, without content.</summary>
internal static class BridgeCommand
{
    public static Command Create(CommandScope scope) => new("bridge", "Links to outside calendars: their state, without their content") { CreateStatus(scope), CreateResync(scope), CreateVerify(scope) };

    private static Command CreateStatus(CommandScope scope)
    {
        var command = new Command("status", "One line for each link: whose, which service, its state, how many appointments, how many wait, and its last pass");
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            using var snapshot = await open.Store.OpenSnapshotAsync(cancelled);
            var output = parsed.InvocationConfiguration.Output;
            var count = 0;
            foreach (var person in await snapshot.ListPrincipalsAsync())
            {
                foreach (var link in await Link.ListAsync(snapshot, person.Id))
                {
                    count++;
                    var access = await WithoutAccessAsync(snapshot, link);
                    await output.WriteLineAsync($"{link.Id}  {person.Login}  {link.Provider}  {access ?? link.State.ToString()}  {link.Count} mirrored  {link.Quarantined.Count} waiting  last pass {At(link.LastPass)}  out {At(link.LastOut)}  in {At(link.LastIn)}");
                }
            }

            if (count == 0) await output.WriteLineAsync("There is no link.");
        });
        return command;
    }

    private static Command CreateResync(CommandScope scope)
    {
        var id = IdArgument();
        var command = new Command("resync", "Compare everything that a link mirrors, on both sides, in the next pass; nothing is deleted because of a listing alone") { id };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var link = await FindAsync(open.Store, parsed.GetRequiredValue(id), cancelled);
            var changed = await open.Store.ChangeAsync(link.PractitionerId, async snapshot =>
            {
                var steps = await Link.FindAsync(snapshot, link.Key) is { } now
                    ? await now.Resynced().PutAsync(snapshot, new LinkEvent(SystemClock.Instance.GetCurrentInstant(), LinkEventKind.Resynced))
                    : null;
                return new Decision<bool>(steps, steps is not null);
            }, cancellationToken: cancelled);
            if (!changed.Result || changed.Failure is not null) throw new CommandFailure("The link could not be changed. Try again.");
            scope.Serving?.Links?.Wake(link.Key);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                link.State == LinkState.Active ? "Everything is compared again in the next pass." : $"The link is not mirroring now ({link.State}): everything is compared again when it is.");
        });
        return command;
    }

    private static Command CreateVerify(CommandScope scope)
    {
        var id = IdArgument();
        var command = new Command("verify", "Compare both sides of a link now, without changing anything; the server must be running") { id };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var link = await FindAsync(open.Store, parsed.GetRequiredValue(id), cancelled);
            if (scope.Serving?.Links is not { } links) throw new CommandFailure("Only a running server can look into outside calendars: start it, and try again.");
            LinkComparison found;
            try
            {
                found = await links.CompareAsync(link, cancelled);
            }
            catch (OutsideException refused)
            {
                throw new CommandFailure($"The outside calendar cannot be read now: {refused.Message}");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{found.Same} the same, {found.Different} different, {found.OnlyHere} here only, {found.OnlyOutside} outside only, {found.Quarantined} waiting.");
            if (!found.IsAgreed) throw new CommandFailure("The two sides do not agree. What changed within the last minute may still be on its way; if not, run bridge resync.");
        });
        return command;
    }

    private static Argument<string> IdArgument() => new("LINK") { Description = "The link's id, as bridge status prints it" };

    private static async Task<Link> FindAsync(ICalendarStore store, string id, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return id.LastIndexOf('/') is > 0 and var slash && await Link.FindAsync(snapshot, new LinkKey(id[..slash], id)) is { } link ? link : throw new CommandFailure("There is no such link: bridge status lists them.", ExitCode.NotFound);
    }

    private static async Task<string?> WithoutAccessAsync(IStoreSnapshot snapshot, Link link) =>
        await Link.HasAccessAsync(snapshot, link.PractitionerId, SystemClock.Instance.GetCurrentInstant()) ? null : "NoAccess";

    private static string At(Instant? at) => at is { } known ? InstantPattern.General.Format(known) : "never";
}
