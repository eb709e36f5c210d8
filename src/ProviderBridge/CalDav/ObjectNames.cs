using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>
/// Names and UIDs of objects of ours. Both follow from link, calendar, UID and generation: an answer that was lost makes no second object. The UID is the appointment's with an ending: some servers let no UID be in two calendars
/// of an account, nor come back from their bin, and all keep it.
/// </summary>
internal sealed partial class ObjectNames(LinkKey link, Uri calendar)
{
    /// <summary>The link and its calendar, wherever the account is: what two accounts have at one path is not the same.</summary>
    public string Of { get; } = $"{link.LinkId}|{Uri.UnescapeDataString(calendar.AbsolutePath)}";

    /// <summary>The path segment of an appointment.</summary>
    public string NameOf(string uid, int generation) => $"{Hash($"{Of}|{uid}|{generation}", 16)}.ics";

    /// <summary>The UID of an appointment.</summary>
    public string UidOf(string uid, int generation) => $"{uid}{Ending}{generation}";

    /// <summary>The appointment that a UID of ours is of; null when it is none of ours.</summary>
    public string? AppointmentOf(string uid)
    {
        var at = uid.LastIndexOf(Ending, StringComparison.Ordinal);
        return at > 0 && uid.AsSpan(at + Ending.Length) is { Length: > 0 and < 4 } rest && rest.IndexOfAnyExceptInRange('0', '9') < 0 ? uid[..at] : null;
    }

    /// <summary>Whether an object is one that was made here, and no copy of it: both name and UID are ours.</summary>
    public bool AreOurs(string name, string uid) => AppointmentOf(uid) is { } tag && name == NameOf(tag, int.Parse(uid.AsSpan(uid.LastIndexOf('-') + 1), CultureInfo.InvariantCulture));

    /// <summary>The appointment that a UID of any link is of; null when it is of none.</summary>
    public static string? AppointmentOfAny(string uid) => AnyEnding().Match(uid) is { Success: true, Index: > 0 } ending ? uid[..ending.Index] : null;

    [GeneratedRegex("-hx-[0-9a-f]{8}-[0-9]{1,3}$")]
    private static partial Regex AnyEnding();

    private string Ending => $"-hx-{Hash(Of, 4)}-";

    private static string Hash(string text, int bytes) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
