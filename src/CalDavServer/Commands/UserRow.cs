using CalDavServer.Dav;
using CalDavServer.Options;
using Practice;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary>One person of an import.</summary>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Login">Normalised login.</param>
/// <param name="Name">Display name, may be empty.</param>
/// <param name="Email">E-mail address, or null.</param>
/// <param name="Role">What the person may be.</param>
/// <param name="Practice">Name or id of the practice group, or null.</param>
/// <param name="AppPassword">A password to take over, or null.</param>
/// <param name="Id">Path segment, or null for a random one.</param>
internal sealed record UserRow(
    int Line, string Login, string Name, string? Email, PrincipalRole Role, string? Practice, string? AppPassword, string? Id)
{
    /// <summary>The header: its columns may be in any order, and all but <c>login</c> and <c>role</c> may be missing.</summary>
    public static readonly string[] Columns = ["login", "name", "email", "role", "practice", "app_password", "id"];

    /// <summary>Reads a table. Every row that cannot be taken gives one fault, which names its line.</summary>
    public static List<UserRow> ReadAll(string text, out List<string> faults)
    {
        var rows = new List<UserRow>();
        faults = [];
        try
        {
            using var records = CsvReader.Read(text).GetEnumerator();
            if (!records.MoveNext()) throw new CommandFailure($"The file is empty. Its first line must be {string.Join(',', Columns)}.");
            var header = ReadHeader(records.Current.Fields);
            var lines = new Dictionary<string, int>(StringComparer.Ordinal);
            while (records.MoveNext())
            {
                var (line, fields) = records.Current;
                if (Parse(line, fields, header, lines, out var row) is { } fault) faults.Add($"Line {line}: {fault}");
                else rows.Add(row!);
            }
        }
        catch (FormatException failure)
        {
            faults.Add(failure.Message);
        }

        return rows;
    }

    private static Dictionary<string, int> ReadHeader(IReadOnlyList<string> fields)
    {
        var header = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (position, field) in fields.Index())
        {
            var name = field.Trim();
            if (!Columns.Contains(name, StringComparer.OrdinalIgnoreCase) || !header.TryAdd(name, position))
                throw new CommandFailure($"'{name}' in the first line is not a column, or is there twice. Columns: {string.Join(',', Columns)}.");
        }

        if (header.ContainsKey("login") && header.ContainsKey("role")) return header;
        throw new CommandFailure($"The first line must name the columns: {string.Join(',', Columns)}.");
    }

    private static string? Parse(
        int line, IReadOnlyList<string> fields, Dictionary<string, int> header, Dictionary<string, int> lines, out UserRow? row)
    {
        row = null;
        if (fields.Count != header.Count) return $"it has {fields.Count} fields, but the first line has {header.Count}.";
        string? Field(string name) =>
            header.TryGetValue(name, out var position) && fields[position].Trim() is { Length: > 0 } field ? field : null;
        if (LoginName.Normalise(Field("login") ?? string.Empty) is not { } login) return "the login is empty or not valid.";
        if (login.Contains(':', StringComparison.Ordinal)) return "a login cannot have a colon in it.";
        if (!Enum.TryParse<PrincipalRole>(Field("role"), ignoreCase: true, out var role) || char.IsAsciiDigit(Field("role")![0]))
            return $"the role '{Field("role")}' is not practitioner, administrator or user.";
        if (role != PrincipalRole.User && Field("practice") is null) return "a practitioner or administrator belongs to a practice group.";
        if (Field("id") is { } id)
        {
            if (!IsSegment(id)) return $"the id '{id}' cannot be a path segment.";
            if (!lines.TryAdd($"id {id}", line)) return $"the id is that of line {lines[$"id {id}"]}.";
        }

        if (!lines.TryAdd($"login {login}", line)) return $"the login is that of line {lines[$"login {login}"]}.";

        // a password may begin or end with a space
        var password = header.TryGetValue("app_password", out var at) && fields[at].Length > 0 ? fields[at] : null;
        row = new UserRow(line, login, Field("name") ?? string.Empty, Field("email"), role, Field("practice"), password, Field("id"));
        return null;
    }

    private static bool IsSegment(string id) =>
        id.AsSpan().IndexOfAny("/\\?#%") < 0 && DavPath.TryParse($"/dav/principals/{DavPath.Encode(id)}/", out _);
}
