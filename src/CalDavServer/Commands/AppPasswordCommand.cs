using System.CommandLine;
using CalDavServer.Access;
using CalDavServer.Options;
using CalDavServer.Storage;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Devices;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary><c>app-password new|list|revoke LOGIN</c></summary>
internal static class AppPasswordCommand
{
    private static readonly Dictionary<string, PrivacyLevel> Levels = new()
    {
        ["busy"] = PrivacyLevel.Busy,
        ["type"] = PrivacyLevel.Type,
        ["initials"] = PrivacyLevel.Initials,
        ["first-name"] = PrivacyLevel.FirstName,
        ["full-name"] = PrivacyLevel.FullName,
    };

    public static Command Create(CommandScope scope) =>
        new("app-password", "Make, list and revoke the passwords of a person's devices")
        {
            CreateNew(scope),
            CreateList(scope),
            CreateRevoke(scope),
        };

    private static Command CreateNew(CommandScope scope)
    {
        var login = LoginArgument();
        var label = new Option<string>("--label")
        {
            Description = "Which device it is for",
            HelpName = "LABEL",
            DefaultValueFactory = _ => "Device",
        };
        var readOnly = new Option<bool>("--read-only") { Description = "The device may not change anything" };
        var level = new Option<string>("--level")
        {
            Description = "What the device is shown of a patient appointment",
            DefaultValueFactory = _ => "initials",
        };
        level.AcceptOnlyFromAmong([.. Levels.Keys]);
        var command = new Command("new", "Make an app password and show it, once") { login, label, readOnly, level };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var person = await FindPersonAsync(open.Store, parsed.GetRequiredValue(login), cancelled);
            var secret = AppPassword.Generate();
            var now = SystemClock.Instance.GetCurrentInstant();
            var credential = AppPassword.ForGenerated(
                secret,
                person.Id,
                parsed.GetRequiredValue(label),
                parsed.GetValue(readOnly),
                Levels[parsed.GetRequiredValue(level)],
                now);
            await StoreChange.ApplyAsync(open.Store, [.. NewAppPassword.Steps(person, credential, now, AuditActor.Command)]);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"login     {person.Login}");
            await output.WriteLineAsync($"password  {secret}");
            await output.WriteLineAsync($"id        {credential.Id}");
            await output.WriteLineAsync("The password is not kept and cannot be shown again.");
        });
        return command;
    }

    private static Command CreateList(CommandScope scope)
    {
        var login = LoginArgument();
        var command = new Command("list", "List a person's app passwords: id, label, scope, privacy level, when made, last use") { login };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var person = await FindPersonAsync(open.Store, parsed.GetRequiredValue(login), cancelled);
            using var snapshot = await open.Store.OpenSnapshotAsync(cancelled);
            foreach (var credential in await snapshot.ListCredentialsAsync(person.Id))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Join(
                    '\t',
                    credential.Id,
                    credential.Label,
                    credential.ReadOnly ? "read-only" : "read-write",
                    Levels.FirstOrDefault(level => level.Value.ToString() == credential.LevelName).Key ?? "busy",
                    $"made {credential.Created}",
                    LastUse(credential)));
            }
        });
        return command;
    }

    private static Command CreateRevoke(CommandScope scope)
    {
        var login = LoginArgument();
        var id = new Argument<string>("ID") { Description = "The app password's id, as listed" };
        var command = new Command("revoke", "Revoke an app password") { login, id };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var person = await FindPersonAsync(open.Store, parsed.GetRequiredValue(login), cancelled);
            string? label;
            using (var snapshot = await open.Store.OpenSnapshotAsync(cancelled)) label = (await snapshot.ListCredentialsAsync(person.Id)).FirstOrDefault(other => other.Id == parsed.GetRequiredValue(id))?.Label;
            var line = PracticeAudit.LinesAbout(person, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command, AuditAction.AppPasswordRevoked, parsed.GetRequiredValue(id), label);
            var outcome = await open.Store.ApplyAsync(new StoreBatch([new DeleteCredential(person.Id, parsed.GetRequiredValue(id)), .. line]), cancelled);
            if (outcome.Failure?.Kind == StoreFailureKind.NotFound)
                throw new CommandFailure($"{person.Login} has no app password '{parsed.GetRequiredValue(id)}'.", ExitCode.NotFound);
            StoreChange.Check(outcome);
            await parsed.InvocationConfiguration.Output.WriteLineAsync("Revoked.");
        });
        return command;
    }

    private static string LastUse(Credential credential) =>
        credential.LastUsed is { } used ? $"used {used} from {credential.LastAddress} by {credential.LastUserAgent}" : "never used";

    private static Argument<string> LoginArgument() => new("LOGIN") { Description = "Whose" };

    private static async Task<Principal> FindPersonAsync(ICalendarStore store, string login, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (LoginName.Normalise(login) is { } normal ? await snapshot.FindPrincipalByLoginAsync(normal) : null)
            ?? throw new CommandFailure($"There is nobody with the login '{login}'.", ExitCode.NotFound);
    }
}
