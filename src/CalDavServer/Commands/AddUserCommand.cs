using System.CommandLine;
using CalDavServer.Options;
using NodaTime;
using Practice;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary><c>add-user LOGIN --name NAME --email EMAIL --role ROLE --practice PRACTICE</c></summary>
internal static class AddUserCommand
{
    public static Command Create(CommandScope scope)
    {
        var login = new Argument<string>("LOGIN") { Description = "What the person types to sign in, usually an e-mail address" };
        var name = new Option<string?>("--name") { Description = "Display name; the login if not given", HelpName = "NAME" };
        var email = new Option<string?>("--email") { Description = "E-mail address", HelpName = "EMAIL" };
        var role = new Option<string>("--role")
        {
            Description = "practitioner, administrator or user (without an HX_ calendar)",
            DefaultValueFactory = _ => "practitioner",
        };
        role.AcceptOnlyFromAmong("practitioner", "administrator", "user");
        var practice = new Option<string?>("--practice")
        {
            Description = "Name or id of the practice group; required except for a user",
            HelpName = "PRACTICE",
        };
        var command = new Command("add-user", "Add a practitioner, administrator or user") { login, name, email, role, practice };
        command.SetAction(async parsed =>
        {
            await using var open = await scope.OpenOrCreateAsync(parsed);
            var directory = new PracticeDirectory(open.Store, SystemClock.Instance);
            var group = parsed.GetValue(practice) is { } named && !string.IsNullOrWhiteSpace(named) ? await FindPracticeAsync(directory, named) : null;
            var person = await directory.CreatePersonAsync(
                parsed.GetRequiredValue(login),
                parsed.GetValue(name) ?? string.Empty,
                parsed.GetValue(email),
                Enum.Parse<PrincipalRole>(parsed.GetRequiredValue(role), ignoreCase: true),
                group?.Id);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"Added {person.Login}, id {person.Id}.");
            await output.WriteLineAsync($"Next: page-password {person.Login} for the pages, app-password new {person.Login} for a device");
        });
        return command;
    }

    /// <summary>A practice group that an operator names.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static async Task<PracticeGroup> FindPracticeAsync(PracticeDirectory directory, string idOrName) =>
        await directory.FindPracticeAsync(idOrName)
            ?? throw new CommandFailure($"There is no practice group '{idOrName}'. Make it with add-practice.", ExitCode.NotFound);
}
