using System.Security.Cryptography;
using System.Text;

namespace ProviderBridge.CalDav;

/// <summary>
/// Names and UIDs of objects of ours. Both follow from link, calendar, UID and generation: an answer that was lost makes no second object. The UID is the appointment's with an ending: some servers let no UID be in two calendars
/// of an account, nor come back from their bin, and all keep it.
/// </summary>
internal sealed class ObjectNames(string linkId, Uri calendar)
{
    private readonly string _of = $"{linkId}|{Uri.UnescapeDataString(calendar.AbsolutePath)}";

    /// <summary>The path segment of an appointment.</summary>
    public string NameOf(string uid, int generation) => $"{Hash($"{_of}|{uid}|{generation}", 16)}.ics";

    /// <summary>The UID of an appointment.</summary>
    public string UidOf(string uid, int generation) => $"{uid}{Ending}{generation}";

    /// <summary>The appointment that a UID of ours is of; null when it is none of ours.</summary>
    public string? AppointmentOf(string uid)
    {
        var at = uid.LastIndexOf(Ending, StringComparison.Ordinal);
        return at > 0 && uid.AsSpan(at + Ending.Length) is { Length: > 0 and < 4 } rest && rest.IndexOfAnyExceptInRange('0', '9') < 0 ? uid[..at] : null;
    }

    private string Ending => $"-hx-{Hash(_of, 4)}-";

    private static string Hash(string text, int bytes) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
