using CalDavServer.Web.Devices;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Settings.Halaxy;

/// <summary>What Halaxy is told as soon as a practice connects again, in words.</summary>
internal static class UnsentWords
{
    /// <summary>What is changed in Halaxy for a practitioner; null when nothing is.</summary>
    public static string? Told(string practitioner, HalaxyUnsent unsent)
    {
        (int Count, string Was, string Were)[] all =
        [
            (unsent.Moved, "was moved", "were moved"),
            (unsent.Cancelled, "was cancelled", "were cancelled"),
            (unsent.PutBack, "was put back", "were put back"),
            (unsent.Commented, "had its comments changed", "had their comments changed"),
            (unsent.Deleted, "was deleted", "were deleted"),
        ];
        string[] parts = [.. all.Where(part => part.Count > 0).Select((part, n) => $"{(n == 0 ? DeviceWords.Count(part.Count, "appointment") : part.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))} {(part.Count == 1 ? part.Was : part.Were)}")];
        return parts.Length == 0 ? null : $"{practitioner}: {string.Join(", ", parts)}.";
    }

    /// <summary>What Halaxy is told again for a practitioner; null when nothing is.</summary>
    public static string? Again(string practitioner, HalaxyUnsent unsent) => unsent.TriedAgain == 0 ? null
        : $"{practitioner}: {DeviceWords.Count(unsent.TriedAgain, "appointment")} changed here before the practice was disconnected {(unsent.TriedAgain == 1 ? "is" : "are")} not changed in Halaxy yet, and {(unsent.TriedAgain == 1 ? "is" : "are")} tried again as soon as you connect.";

    /// <summary>What a person has to do in Halaxy for a practitioner; null when nothing.</summary>
    public static string? ByHand(string practitioner, HalaxyUnsent unsent) => unsent.ByHand == 0 ? null
        : $"{practitioner}: {DeviceWords.Count(unsent.ByHand, "appointment")} of Halaxy {(unsent.ByHand == 1 ? "is" : "are")} no longer in the diary. We cannot tell Halaxy: after connecting, {(unsent.ByHand == 1 ? "it is" : "they are")} listed under “To be done by hand”.";
}
