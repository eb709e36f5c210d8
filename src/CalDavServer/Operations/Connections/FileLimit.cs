using System.Globalization;

namespace CalDavServer.Operations.Connections;

/// <summary>
/// The system's limit on open files. A server that reaches it can neither accept nor read its database, and tries to accept again and again: connections stay below it.
/// </summary>
internal static class FileLimit
{
    // the database's readers, the log, the runtime's own, and connections that are being closed
    private const int Reserve = 400;
    private const int Least = 64;
    private const string Limits = "/proc/self/limits";
    private const string Name = "Max open files";

    /// <summary>How many of so many connections the system allows.</summary>
    public static int Connections(int wanted) => File.Exists(Limits) ? Connections(wanted, File.ReadLines(Limits)) : wanted;

    /// <summary>The same, of the lines of <c>/proc/self/limits</c>.</summary>
    public static int Connections(int wanted, IEnumerable<string> limits)
    {
        var line = limits.FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? Math.Min(wanted, Math.Max(Least, files - Reserve)) : wanted;
    }
}
