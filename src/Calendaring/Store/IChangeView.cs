namespace Calendaring.Store;

/// <summary>Where a change is decided: one snapshot at a time.</summary>
public interface IChangeView
{
    /// <summary>The store as it is now, or at the first call as it was when whoever asks began.</summary>
    /// <param name="anew">Whether something has changed since the last snapshot.</param>
    ValueTask<IStoreSnapshot> OpenAsync(bool anew);

    /// <summary>Gives the snapshot back: none is held while a write waits for the disk.</summary>
    void Release();
}
