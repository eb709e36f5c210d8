using Calendaring.Store;

namespace Practice.Hx;

/// <summary>Where a change of an HX_ calendar is decided. It reuses what its sender has already looked up, so that nothing is read twice from one snapshot.</summary>
public interface IHxView : IChangeView
{
    /// <summary>A practitioner's HX_ calendar; null when there is none, or it is not shown outside the diary yet.</summary>
    /// <param name="practitionerId">Whose calendar.</param>
    ValueTask<Collection?> FindCalendarAsync(string practitionerId);

    /// <summary>The practitioner as they are in the snapshot; null when they are no longer there.</summary>
    /// <param name="practitionerId">Who.</param>
    ValueTask<Principal?> FindPractitionerAsync(string practitionerId);

    /// <summary>The row under a name, published or not; null when there is none.</summary>
    /// <param name="practitionerId">Whose calendar.</param>
    /// <param name="name">The object's path segment.</param>
    ValueTask<ObjectRow?> FindRowAsync(string practitionerId, string name);

    /// <summary>The practitioner's access to two-way sync.</summary>
    /// <param name="practitionerId">Whose access.</param>
    ValueTask<HxAccess> ReadAccessAsync(string practitionerId);
}
