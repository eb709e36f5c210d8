using System.Globalization;

namespace CalDavServer.Http.Connections;

/// <summary>
/// The system's limit on open files. A server that reaches it can neither accept nor read its database, and tries to accept again and again: connections stay below it.
/// </summary>
internal static class FileLimit
{
    // what is open with no connection: the program's own files, some 310, the database's readers and the log
    private const int Own = 400;
    // sockets that are being refused or closed while others are served
    private const int Closing = 100;
    private const int Least = 64;
    private const string Limits = "/proc/self/limits";
    private const string Name = "Max open files";

    /// <summary>How many sockets may be open where so many connections are wanted: those that are served, and a few that are being refused or closed.</summary>
    public static int Sockets(int wanted) => Connections(wanted) + Closing;

    /// <summary>How many of so many connections the system allows.</summary>
    public static int Connections(int wanted) => File.Exists(Limits) ? Connections(wanted, File.ReadLines(Limits)) : wanted;

    /// <summary>The same, of the lines of <c>/proc/self/limits</c>.</summary>
    public static int Connections(int wanted, IEnumerable<string> limits)
    {
        var line = limits.FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? Math.Min(wanted, Math.Max(Least, files - Own - Closing)) : wanted;
    }
}
