using System.CommandLine;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Commands;

/// <summary><c>page-password LOGIN</c></summary>
internal static class PagePasswordCommand
{
    public static Command Create(CommandScope scope)
    {
        var login = new Argument<string>("LOGIN") { Description = "Whose" };
        var command = new Command("page-password", "Print a one-time link with which a person sets the password for the pages") { login };
        command.SetAction(async (parsed, cancelled) =>
        {
            var address = scope.Serving?.Address ?? AddressOf(parsed.GetRequiredValue(scope.Data));
            await using var open = await scope.OpenAsync(parsed);
            var person = await FindAsync(open.Store, parsed.GetRequiredValue(login), cancelled);
            if (person.Deactivated is not null) throw new CommandFailure($"{person.Login} has no access: an administrator of the practice can give it back on the page People.");
            var secret = await new PasswordLinkBook(open.Store, SystemClock.Instance).MakeAsync(person.Id, AuditActor.Command)
                ?? throw new CommandFailure($"{person.Login} already has too many links that still work. Use one of them, or wait for an hour.");
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"{new Uri(address, PasswordLinks.PathOf(person.Id, secret))}");
            await output.WriteLineAsync("It works for an hour, until the password is set with it or with another link.");
        });
        return command;
    }

    private static async Task<Principal> FindAsync(ICalendarStore store, string login, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (LoginName.Normalise(login) is { } normal ? await snapshot.FindPrincipalByLoginAsync(normal) : null)
            ?? throw new CommandFailure($"There is nobody with the login '{login}'.", ExitCode.NotFound);
    }

    private static Uri AddressOf(string folder)
    {
        var options = Settings.Read(folder, null);
        var url = options.Urls[0];
        foreach (var every in new[] { "*", "+", "0.0.0.0", "[::]" }) url = url.Replace("://" + every, "://127.0.0.1", StringComparison.Ordinal);
        return options.PublicAddress ?? new Uri(url);
    }
}
