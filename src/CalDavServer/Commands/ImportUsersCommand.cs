using System.CommandLine;
using System.Text;
using CalDavServer.Access;
using CalDavServer.Http;
using CalDavServer.Options;
using CalDavServer.Storage;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Devices;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary>
/// <c>import-users FILE.csv</c>. Rows are all checked before the first person is made. A person who is there already is left as is, so an
/// import may be run again.
/// </summary>
internal static class ImportUsersCommand
{
    private const string Label = "Imported";

    public static Command Create(CommandScope scope)
    {
        var file = new Argument<string>("FILE.csv")
        {
            Description = $"UTF-8, with the header {string.Join(',', UserRow.Columns)}; id is the path segment, random when empty",
        };
        var command = new Command("import-users", "Add people from a table, e.g. when moving from another server") { file };
        command.SetAction(async (parsed, cancelled) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file), scope.Directory);
            var rows = UserRow.ReadAll(await ReadAsync(path, cancelled), out var faults);
            await using var open = await scope.OpenOrCreateAsync(parsed);
            var import = new Import(open.Store, parsed.InvocationConfiguration, cancelled);
            await import.RunAsync(rows, faults);
        });
        return command;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancelled)
    {
        try
        {
            // throws on anything but UTF-8; a byte order mark is skipped
            return await File.ReadAllTextAsync(file, new UTF8Encoding(false, throwOnInvalidBytes: true), cancelled);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure($"There is no file {file}.", ExitCode.NotFound);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{file} cannot be read: {Sentence.Of(failure)}");
        }
        catch (DecoderFallbackException)
        {
            throw new CommandFailure($"{file} is not UTF-8: save it as UTF-8 and try again.");
        }
    }

    private sealed class Import(ICalendarStore store, InvocationConfiguration console, CancellationToken cancelled)
    {
        private readonly PracticeDirectory _directory = new(store, SystemClock.Instance);
        private readonly Dictionary<string, string> _practices = new(StringComparer.OrdinalIgnoreCase);
        private int _added;
        private int _present;

        public async Task RunAsync(IReadOnlyList<UserRow> rows, List<string> faults)
        {
            await CheckAsync(rows, faults);
            foreach (var fault in faults) await console.Error.WriteLineAsync(fault);
            if (faults.Count > 0) throw new CommandFailure("Nobody was imported.");
            foreach (var row in rows) await AddAsync(row);
            await console.Output.WriteLineAsync($"{_added} imported, {_present} already there.");
            if (_added > 0) await console.Output.WriteLineAsync("Next: page-password LOGIN for each person who will use the pages");
        }

        private async Task CheckAsync(IReadOnlyList<UserRow> rows, List<string> faults)
        {
            foreach (var name in rows.Select(row => row.Practice).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (await _directory.FindPracticeAsync(name, cancelled) is { } practice) _practices[name] = practice.Id;
            }

            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            foreach (var row in rows)
            {
                if (row.Practice is { } name && !_practices.ContainsKey(name))
                    faults.Add($"Line {row.Line}: there is no practice group '{name}'. Make it with add-practice.");
                if (row.Id is { } id && await snapshot.FindPrincipalAsync(id) is { } other && other.Login != row.Login)
                    faults.Add($"Line {row.Line}: the id '{id}' belongs to another person.");
            }
        }

        private async Task AddAsync(UserRow row)
        {
            try
            {
                var person = await FindAsync(row.Login);
                if (person is not null) _present++;
                else
                {
                    var practice = row.Practice is null ? null : _practices[row.Practice];
                    person = await _directory.CreatePersonAsync(row.Login, row.Name, row.Email, row.Role, practice, row.Id);
                    _added++;
                }

                if (row.AppPassword is { } password) await AddPasswordAsync(row, person, password);
            }
            catch (PracticeDirectoryException failure)
            {
                throw new CommandFailure($"Line {row.Line}: {failure.Message} {_added} were imported before it: fix that line and import again.");
            }
        }

        private async Task<Principal?> FindAsync(string login)
        {
            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            return await snapshot.FindPrincipalByLoginAsync(login);
        }

        private async Task AddPasswordAsync(UserRow row, Principal person, string password)
        {
            const string weak = "warning: the app password is weak. Replace it with one made by app-password new.";
            if (AppPassword.IsWeak(password)) await console.Error.WriteLineAsync($"Line {row.Line}: {weak}");
            if (await HasPasswordAsync(person, password)) return;
            var now = SystemClock.Instance.GetCurrentInstant();
            var credential = AppPassword.ForChosen(password, person.Id, Label, readOnly: false, PrivacyLevel.Initials, now);
            await StoreChange.ApplyAsync(store, [.. NewAppPassword.Steps(person, credential, now, AuditActor.Command)]);
        }

        private async Task<bool> HasPasswordAsync(Principal person, string password)
        {
            using var snapshot = await store.OpenSnapshotAsync(cancelled);
            var credentials = await snapshot.ListCredentialsAsync(person.Id);
            return credentials.Count > 0 && AppPassword.FindChosen(credentials, password) is not null;
        }
    }
}
