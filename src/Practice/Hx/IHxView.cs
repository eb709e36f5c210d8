using Calendaring.Store;

namespace Practice.Hx;

/// <summary>Where a change of an HX_ calendar is decided, when its sender has looked up there what the change depends on: nothing is looked up twice on one snapshot.</summary>
public interface IHxView : IChangeView
{
    /// <summary>A practitioner's HX_ calendar; null when there is none, or none outside the diary yet.</summary>
    /// <param name="practitionerId">Whose calendar.</param>
    ValueTask<Collection?> FindCalendarAsync(string practitionerId);

    /// <summary>The row under a name, published or not; null when there is none.</summary>
    /// <param name="practitionerId">Whose calendar.</param>
    /// <param name="name">The object's path segment.</param>
    ValueTask<ObjectRow?> FindRowAsync(string practitionerId, string name);

    /// <summary>The practitioner's access to two-way sync.</summary>
    /// <param name="practitionerId">Whose access.</param>
    ValueTask<HxAccess> ReadAccessAsync(string practitionerId);
}
