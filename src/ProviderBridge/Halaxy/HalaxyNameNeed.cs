using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>
/// Where a practitioner's devices, links and feed show patients' names, or their initials. What none of them shows is not written anew for the sake of a name: it would be shown then, as if somebody had edited it (docs/rules.md R5).
/// </summary>
/// <param name="PractitionerId">Whose.</param>
/// <param name="IsEverywhere">Whether all of the diary is shown with names: by the feed.</param>
/// <param name="IsOnDevices">Whether what devices are served is.</param>
/// <param name="From">From which change of the HX_ calendar on it is shown so by a link; null where none does.</param>
public sealed record HalaxyNameNeed(string PractitionerId, bool IsEverywhere, bool IsOnDevices, long? From)
{
    /// <summary>Whether an appointment is shown with names.</summary>
    public bool Covers(MirroredCopy copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        return IsEverywhere || (IsOnDevices && copy.IsPublished) || copy.Change > From;
    }
}
